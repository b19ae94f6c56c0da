import type { DisabilityType, EmploymentStatus, IncomeLevel } from './codes.ts';
import { populationByAge } from './facts/age-sex.ts';
import { type County, counties } from './facts/counties.ts';
import { line } from './facts/households.ts';
import { type Occupation, occupations } from './facts/occupations.ts';
import type { CountyProfile } from './geography.ts';
import { byWeight, type Random, type Weighted, weighted } from './random.ts';
import type { GeneratedDisability } from './types.ts';

/** What schooling, work, phones and disability of a person depend on. Means are in standard deviations of all households. */
export interface Circumstances {
  profile: CountyProfile;
  urban: boolean;
  means: number;
}

/** Draws the highest ISCED level. Younger people, better-off homes and, among the old, men went to school longer. */
export function drawEducation(random: Random, { means }: Circumstances, sex: 'MALE' | 'FEMALE', age: number): number {
  if (age < 12) return 0;
  if (age < 15) return random.chance(0.55 + 0.1 * means) ? 1 : 0;
  const cohort = Math.max(-1.4, Math.min(0.5, (38 - age) / 26)) - (sex === 'FEMALE' && age > 40 ? 0.35 : 0);
  const reached = 0.9 * random.normal() + 0.6 * means + cohort;
  const level = levels.findIndex((limit) => reached < limit);
  if (age < 18) return Math.min(level, 2);
  return age < 22 ? Math.min(level, 4) : level;
}

/** Limits between the ISCED levels 0 to 8, in the units of `reached`. */
const levels = [-1.25, 0.2, 0.5, 1.3, 1.65, 1.95, 2.9, 3.6, Number.POSITIVE_INFINITY];

/** Work and income of a person. */
export interface Work {
  employmentStatus: EmploymentStatus;
  occupation: string | null;
  incomeLevel: IncomeLevel;
}

const noWork: Work = { employmentStatus: 'INACTIVE', occupation: null, incomeLevel: 'NONE' };
const seeking: readonly Work[] = [
  { employmentStatus: 'UNEMPLOYED', occupation: null, incomeLevel: 'NONE' },
  { employmentStatus: 'UNEMPLOYED', occupation: null, incomeLevel: 'VERY_LOW' },
];

/** Livelihoods by county number, for the countryside and for towns. */
const livelihoods: ReadonlyMap<number, { rural: Weighted<Occupation>; urban: Weighted<Occupation> }> = new Map(
  counties.map(({ code }) => {
    const here = occupations.filter((occupation) => occupation.counties === undefined || occupation.counties.includes(code));
    return [
      code,
      {
        rural: weighted(
          here,
          here.map(({ rural }) => rural),
        ),
        urban: weighted(
          here,
          here.map(({ urban }) => urban),
        ),
      },
    ];
  }),
);

/** Share of people of an age who work, relative to the working ages. The census counts work from 5 years on; we from 15. */
const activity = line({ 15: 0.15, 18: 0.4, 22: 0.8, 28: 1, 55: 1, 65: 0.7, 75: 0.4, 90: 0.05, 99: 0 });

/** Draws work and income. The census share of the county's men or women who work is brought from everybody over 5 to adults. */
export function drawWork(
  random: Random,
  { profile, urban, means }: Circumstances,
  sex: 'MALE' | 'FEMALE',
  age: number,
  education: number,
  disabled: boolean,
): Work {
  const active = activity[Math.min(99, age)] as number;
  if (active === 0) return noWork;
  const share = (sex === 'MALE' ? profile.county.workingMale : profile.county.workingFemale) / 100;
  const working = Math.min(0.95, share * 1.6) * active * (disabled ? 0.5 : 1);
  const drawn = random.float();
  if (drawn >= working) {
    const looking = (1.5 * profile.county.seekingWork * active) / 100;
    return drawn < working + looking ? random.oneOf(seeking) : noWork;
  }
  const places = livelihoods.get(profile.county.code) as { rural: Weighted<Occupation>; urban: Weighted<Occupation> };
  const table = urban ? places.urban : places.rural;
  let occupation = random.pick(table);
  // Two more tries for somebody without the schooling, and for somebody with much who drew a job without any.
  for (let attempt = 0; attempt < 2 && (occupation.education > education || (education > 4 && occupation.education < 3)); attempt++) {
    occupation = random.pick(table);
  }
  if (occupation.education > education) occupation = fallback;
  const income = 0.7 * means + 0.6 * occupation.means + 0.4 * random.normal();
  return {
    employmentStatus: occupation.status,
    occupation: occupation.name,
    incomeLevel: income < -0.85 ? 'VERY_LOW' : income < -0.05 ? 'LOW' : income < 1.1 ? 'MIDDLE' : 'HIGH',
  };
}

const fallback = occupations.find(({ name }) => name === 'Casual laborer') as Occupation;

const none: readonly never[] = [];

/** Prefixes of Kenyan mobile numbers, those of the largest operator first, with the weight of each prefix in a row. */
const prefixRows: readonly (readonly [weight: number, prefixes: string])[] = [
  [7, '720 721 722 723 724 725 726 727 728 729'],
  [6, '710 711 712 713 714 715 716 717 718 719 700 701 702 703 704 705 706 707 708'],
  [4, '740 741 742 743 745 746 757 758 759 768 769 790 791 792 793 795'],
  [2, '110 111 112 113 114 115 730 731 733 734 735 750 751 780 785 100 101 102'],
  [1, '770 771 772'],
];
const prefixes = weighted(
  prefixRows.flatMap(([, row]) => row.split(' ').map((prefix) => `+254${prefix}`)),
  prefixRows.flatMap(([weight, row]) => row.split(' ').map(() => weight)),
);
const threeDigits: readonly string[] = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

/** Draws a mobile number in E.164. The numbers have the form of real ones: never send anything to them. */
export function drawPhone(random: Random): string {
  return random.pick(prefixes) + (threeDigits[random.int(1000)] as string) + (threeDigits[random.int(1000)] as string);
}

/** Draws a person's phones: own, shared with the head of the household, two, or none. */
export function drawPhones(random: Random, { urban, means }: Circumstances, age: number, shared: readonly string[]): readonly string[] {
  if (age < 17) return none;
  const own = 0.74 + (urban ? 0.12 : 0) + 0.09 * means - (age > 60 ? 0.15 : 0) - (age < 20 ? 0.25 : 0);
  const drawn = random.float();
  if (drawn < own) return drawn < 0.06 ? [drawPhone(random), drawPhone(random)] : [drawPhone(random)];
  return shared.length > 0 && random.chance(0.45) ? shared : none;
}

/** Draws an e-mail address, seldom: `example.org` is reserved, so nobody receives anything. */
export function drawEmails(random: Random, { urban }: Circumstances, education: number, given: string, surname: string): readonly string[] {
  if (education < 3 || !random.chance(urban ? 0.16 : 0.05)) return none;
  return [`${given}.${surname}${random.int(1000)}@example.org`.toLowerCase().replaceAll("'", '')];
}

/** How the chance of a disability grows with age; brought to each county's census figure below. */
const disabilityByAge = line({ 0: 0.25, 5: 0.4, 20: 0.5, 40: 0.9, 60: 2.4, 70: 4.6, 80: 8, 99: 14 });

/** By county number: the factor that makes `disabilityByAge` give the census prevalence among persons of 5 years and older. */
const disabilityFactor: ReadonlyMap<number, number> = new Map(counties.map((county) => [county.code, factorOf(county)]));

function factorOf(county: County): number {
  const ofNation = [0, 0, 0];
  const reached = [0, 0, 0];
  const people = [0, 0, 0];
  populationByAge.male.forEach((male, age) => {
    const count = male + (populationByAge.female[age] as number);
    const group = age < 15 ? 0 : age < 65 ? 1 : 2;
    ofNation[group] = (ofNation[group] as number) + count;
    if (age < 5) return;
    people[group] = (people[group] as number) + count;
    reached[group] = (reached[group] as number) + count * (disabilityByAge[age] as number);
  });
  const shares = [county.under15, 100 - county.under15 - county.over65, county.over65];
  const average = (sums: readonly number[]) =>
    shares.reduce((sum, share, group) => sum + (share * (sums[group] as number)) / (ofNation[group] as number), 0);
  return (county.disability / 100) * (average(people) / average(reached));
}

const disabilityTypes = byWeight<DisabilityType>({ MOB: 38, VIS: 30, COG: 18, HEAR: 14, SC: 9, COM_SS: 9 });

/** Draws disabilities. Half as many again have only some difficulty, which the census does not count. */
export function drawDisabilities(random: Random, county: County, sex: 'MALE' | 'FEMALE', age: number): readonly GeneratedDisability[] {
  const chance =
    (disabilityFactor.get(county.code) as number) * (disabilityByAge[Math.min(99, age)] as number) * (sex === 'FEMALE' ? 1.1 : 0.9);
  const drawn = random.float();
  if (drawn >= chance * 1.5) return none;
  const first = random.pick(disabilityTypes);
  if (drawn >= chance) return [{ type: first, severity: 1 }];
  const list: GeneratedDisability[] = [{ type: first, severity: drawSeverity(random) }];
  if (random.chance(0.27)) {
    const second = random.pick(disabilityTypes);
    if (second !== first) list.push({ type: second, severity: random.chance(0.4) ? 1 : drawSeverity(random) });
  }
  return list;
}

function drawSeverity(random: Random): 2 | 3 | 4 {
  const drawn = random.float();
  return drawn < 0.66 ? 2 : drawn < 0.91 ? 3 : 4;
}
