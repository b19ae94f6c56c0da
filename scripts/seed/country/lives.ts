import { dayOf } from './calendar.ts';
import type { EnrollmentStatus } from './codes.ts';
import { drawConsents } from './consenting.ts';
import type { Draft, Draw, Member } from './draft.ts';
import { type EligibilityRule, eligibilityRules, factsOf, type HouseholdFacts } from './eligibility.ts';
import { drawPath, drawRefusal, finalStates, historyOf, type StatusPath } from './enrolling.ts';
import { type Ledger, payBenefits, startLedger } from './paying.ts';
import { draftHouseholds, type PopulationOptions, streams } from './population.ts';
import { Random, UuidSource } from './random.ts';
import { type CountryReference, countryReference, type GeneratedCycle, type GeneratedProgram } from './reference.ts';
import type { GeneratedConsent, GeneratedEnrollment, GeneratedHousehold } from './types.ts';

/** A program prepared for going through many households. */
interface Plan {
  program: GeneratedProgram;
  rule: EligibilityRule;
  cycles: readonly GeneratedCycle[];
  counties: ReadonlySet<number> | null;
  firstDay: number;
  /** Bit of the program, and bits of those it must not meet in one person and in one household. */
  bit: number;
  forbiddenForPerson: number;
  forbiddenForHousehold: number;
}

/** Share of applicants who get in although a rule forbids both programs, and of those who do not qualify and apply all the same. */
const OVERSIGHT = 0.15;
const VAIN = 0.012;

/** Makes the households of a country one after the other, each with all that belongs to it. Memory stays flat. */
export function* generateHouseholds(options: PopulationOptions): Generator<GeneratedHousehold, void, undefined> {
  const reference = countryReference(options);
  const plans = plansOf(reference);
  const draw: Draw = { random: new Random(), uuids: new UuidSource(), seed: options.seed, index: 0, asOf: dayOf(options.asOf) };
  for (const draft of draftHouseholds(options)) {
    draw.index = draft.index;
    draw.random.reset(options.seed, draft.index, streams.lives);
    draw.uuids.reset(options.seed, draft.index, streams.livesIds);
    yield addLives(draw, draft, plans, reference);
  }
}

function plansOf({ programs, cycles, compatibilities }: CountryReference): Plan[] {
  const bits = new Map(programs.map(({ code }, index) => [code, 1 << index]));
  const forbidden = (code: string, level: 'PERSON' | 'HOUSEHOLD'): number =>
    compatibilities
      .filter((rule) => rule.level === level && rule.verdict === 'FORBIDDEN' && rule.programs.includes(code))
      .reduce((sum, rule) => sum | (bits.get(rule.programs[rule.programs[0] === code ? 1 : 0]) ?? 0), 0);
  return programs.flatMap((program) => {
    const rule = eligibilityRules[program.code];
    if (rule === undefined) return [];
    return [
      {
        program,
        rule,
        cycles: cycles.filter(({ programId }) => programId === program.id),
        counties: program.counties === null ? null : new Set(program.counties),
        firstDay: dayOf(program.startsOn),
        bit: bits.get(program.code) ?? 0,
        forbiddenForPerson: forbidden(program.code, 'PERSON'),
        forbiddenForHousehold: forbidden(program.code, 'HOUSEHOLD'),
      },
    ];
  });
}

/** What has been given out in a household so far. */
interface Progress {
  ledger: Ledger;
  enrollments: GeneratedEnrollment[];
  /** Bits of programs in the household, and by a member's place. */
  ofHousehold: number;
  ofPerson: number[];
}

function addLives(draw: Draw, draft: Draft, plans: readonly Plan[], reference: CountryReference): GeneratedHousehold {
  const { members, household } = draft;
  const progress: Progress = {
    ledger: startLedger(draw, draft.profile.county.code, reference.providers),
    enrollments: [],
    ofHousehold: 0,
    ofPerson: [],
  };
  const facts = factsOf(draw.random, draft);
  if (facts !== undefined) {
    for (const plan of plans) {
      if (plan.counties !== null && !plan.counties.has(facts.county)) continue;
      if (plan.program.target === 'HOUSEHOLD') consider(draw, progress, plan, facts, facts.recipient, household.id);
      else for (const member of members) consider(draw, progress, plan, facts, member, null);
    }
  }
  const { benefits, payments, accounts, accountOf } = progress.ledger;
  const consents: GeneratedConsent[] = [];
  drawConsents(draw, members, ({ place }) => accountOf[place] !== undefined, consents);
  return {
    index: draft.index,
    household,
    persons: members.map(({ person }) => person),
    memberships: draft.memberships,
    identifiers: draft.identifiers,
    enrollments: progress.enrollments,
    benefits,
    accounts,
    payments,
    consents,
    duplicates: draft.duplicates,
  };
}

/** Decides whether somebody applies to a program, gets in, and what follows. */
function consider(draw: Draw, progress: Progress, plan: Plan, facts: HouseholdFacts, member: Member, householdId: string | null): void {
  const { random } = draw;
  const { rule } = plan;
  const fit = rule.fit(facts, member);
  if (fit === null) return;
  const drawn = random.float();
  const chance = fit === 'FITS' ? rule.takeUp : rule.inclusionError;
  if (drawn >= chance + VAIN) return;
  const clash = ((progress.ofPerson[member.place] ?? 0) & plan.forbiddenForPerson) | (progress.ofHousehold & plan.forbiddenForHousehold);
  const refused = drawn >= chance || (clash !== 0 && !random.chance(OVERSIGHT));
  // Those turned down for a clash mostly never apply.
  if (refused && drawn < chance && !random.chance(0.1)) return;
  const earliest = householdId === null ? plan.firstDay : Math.max(plan.firstDay, facts.registeredDay);
  const path = refused ? drawRefusal(draw, member, earliest) : drawPath(draw, rule, member, earliest, householdId === null);
  const enrollment = record(draw, progress, plan, member, householdId, path);
  if (refused) return;
  progress.ofHousehold |= plan.bit;
  progress.ofPerson[member.place] = (progress.ofPerson[member.place] ?? 0) | plan.bit;
  const collects = householdId !== null || collectsAlone(random, member) ? member : facts.recipient;
  payBenefits(draw, progress.ledger, plan.program, plan.cycles, enrollment, path, member, collects);
}

/** Whether somebody enrolled collects in person. The very old, the severely disabled and children have it done. */
function collectsAlone(random: Random, { age, severity }: Member): boolean {
  return age > 17 && random.chance(severity > 2 ? 0.35 : age > 78 ? 0.6 : 0.93);
}

function record(
  draw: Draw,
  { enrollments }: Progress,
  { program }: Plan,
  member: Member,
  householdId: string | null,
  path: StatusPath,
): GeneratedEnrollment {
  const history = historyOf(draw, path);
  const status = path.states[path.states.length - 1] as EnrollmentStatus;
  const since = history[history.length - 1]?.on ?? '';
  const enrollment: GeneratedEnrollment = {
    id: draw.uuids.next(),
    personId: member.person.id,
    householdId,
    programId: program.id,
    programCode: program.code,
    sensitive: program.sensitive,
    status,
    statusSince: since,
    startsOn: history[0]?.on ?? '',
    endsOn: finalStates.has(status) ? since : null,
    history,
  };
  enrollments.push(enrollment);
  return enrollment;
}
