import type { ScoreBand } from './codes.ts';
import type { Draft, Member } from './draft.ts';
import type { Random } from './random.ts';

/** What the rules of programs look at in a household. */
export interface HouseholdFacts {
  county: number;
  urban: boolean;
  /** Day number. */
  registeredDay: number;
  /** 0 (poorest fifth) to 4. */
  band: number;
  head: Member;
  /** Who collects for the household. */
  recipient: Member;
  /** A woman who cares for a child under 3. */
  mother: Member | undefined;
  smallChild: boolean;
  /** A child under 18 without both parents at home. */
  orphan: boolean;
  severe: boolean;
  farmer: boolean;
  /** Affected by HIV: stays within the generator, only the program shows. */
  hiv: boolean;
}

const bands: Readonly<Record<ScoreBand, number>> = { POOREST: 0, POOR: 1, VULNERABLE: 2, RESILIENT: 3, BETTER_OFF: 4 };
const lakeCounties: ReadonlySet<number> = new Set([40, 41, 42, 43, 44]);
const safetyNet: ReadonlySet<number> = new Set([4, 7, 8, 9, 10, 11, 23, 25]);
const northEast: ReadonlySet<number> = new Set([7, 8, 9]);

/** Looks at a household once for all programs. Undefined when nobody in it is alive. */
export function factsOf(random: Random, { profile, urban, household, members, registeredDay }: Draft): HouseholdFacts | undefined {
  const alive = members.filter(({ deathDay }) => deathDay === 0);
  const head = alive.find(({ relationship }) => relationship === 'HEAD') ?? alive[0];
  if (head === undefined) return undefined;
  const county = profile.county.code;
  const hivShare = lakeCounties.has(county) ? 0.13 : northEast.has(county) ? 0.004 : 0.035;
  let smallChild = false;
  let orphan = false;
  let severe = false;
  let farmer = false;
  let recipient = head;
  let mother: Member | undefined;
  for (const member of alive) {
    const { age, relationship, person } = member;
    if (age < 3) smallChild = true;
    if (age < 18) orphan ||= withoutParents.has(relationship) || (relationship === 'CHILD' && head.person.maritalStatus === 'WIDOWED');
    if (member.severity > 2) severe = true;
    if (person.occupation === 'Smallholder farmer') farmer = true;
    if (member.recipientRole === 'PRIMARY') recipient = member;
    if (mother === undefined && person.sex === 'FEMALE' && age > 15 && age < 48) mother = member;
  }
  return {
    county,
    urban,
    registeredDay,
    band: bands[household.povertyScore.band],
    head,
    recipient,
    mother: smallChild ? mother : undefined,
    smallChild,
    orphan,
    severe,
    farmer,
    hiv: random.chance(hivShare),
  };
}

const withoutParents: ReadonlySet<string> = new Set(['GRANDCHILD', 'FOSTER_CHILD', 'SIBLING', 'HEAD']);

/**
 * Who tends to be in a program. `fit` says how well a household (and person) suits: FITS the criteria, NEAR them, so that mistakes
 * happen, or null. Take-up below 1 leaves people out; the chance of those near lets in some who should not be.
 */
export interface EligibilityRule {
  fit(facts: HouseholdFacts, member: Member): 'FITS' | 'NEAR' | null;
  takeUp: number;
  inclusionError: number;
  /** Days after which people leave as graduated; never when left out. */
  lastsDays?: number;
  /** Has to be confirmed every two years. */
  renewed?: boolean;
}

const fits = (fit: boolean, near: boolean): 'FITS' | 'NEAR' | null => (fit ? 'FITS' : near ? 'NEAR' : null);

/** Rules by program code. A program without one, such as a planned one, has nobody. */
export const eligibilityRules: Readonly<Record<string, EligibilityRule>> = {
  OPCT: { fit: (_, { age }) => fits(age >= 70, age >= 62), takeUp: 0.78, inclusionError: 0.07 },
  'CT-OVC': {
    fit: ({ orphan, band, smallChild }) => fits(orphan && band < 3, (orphan || smallChild) && band < 4),
    takeUp: 0.72,
    inclusionError: 0.11,
    renewed: true,
  },
  'PWSD-CT': { fit: (_, { severity }) => fits(severity > 2, severity === 2), takeUp: 0.66, inclusionError: 0.12, renewed: true },
  HSNP: { fit: ({ band }) => fits(band < 2, true), takeUp: 0.72, inclusionError: 0.14, renewed: true },
  BHG: {
    fit: ({ band, county }) => fits(band === 0 && !safetyNet.has(county), band < 3),
    takeUp: 0.68,
    inclusionError: 0.09,
    renewed: true,
  },
  NICHE: {
    fit: ({ mother, band }, member) => (member === mother ? fits(band < 3, true) : null),
    takeUp: 0.68,
    inclusionError: 0.1,
    lastsDays: 900,
  },
  YPWP: {
    fit: ({ band }, { age, person }) =>
      fits(age > 17 && age < 35 && band < 4 && person.employmentStatus !== 'EMPLOYED', age > 17 && age < 40 && band < 4),
    takeUp: 0.2,
    inclusionError: 0.04,
    lastsDays: 560,
  },
  SHIS: { fit: ({ band, severe }) => fits(band < 2 || severe, band === 2), takeUp: 0.4, inclusionError: 0.08, renewed: true },
  SFP: {
    fit: ({ county, band }, { age }) => fits(age > 5 && age < 15 && ((county !== 47 && county !== 1) || band < 2), age > 14 && age < 17),
    takeUp: 0.3,
    inclusionError: 0.05,
  },
  FOOD: { fit: ({ band }) => fits(band === 0, band === 1), takeUp: 0.45, inclusionError: 0.12 },
  HAHG: { fit: ({ hiv, band }) => fits(hiv, band === 0), takeUp: 0.5, inclusionError: 0.004, renewed: true },
  NAFS: { fit: ({ farmer, urban }) => fits(farmer, !urban), takeUp: 0.3, inclusionError: 0.03 },
  'NSSF-P': {
    fit: (_, { age, person }) => fits(age >= 60 && person.educationLevel > 2, age >= 60),
    takeUp: 0.6,
    inclusionError: 0.05,
  },
  ULTP: {
    fit: ({ urban }, { age, person }) => fits(urban && age > 17 && age < 41 && person.educationLevel < 4, false),
    takeUp: 0.03,
    inclusionError: 0,
    lastsDays: 700,
  },
};
