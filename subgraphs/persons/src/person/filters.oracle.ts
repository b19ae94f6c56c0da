import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@commonweal/kit/testing.ts';
import { foldName } from './names.ts';

/** A person of a made-up country, as the oracle knows them. */
export interface Citizen {
  readonly given: string;
  readonly surname: string;
  readonly area: string;
  readonly sex: string;
  readonly birth: string;
  readonly age: number;
  readonly status: string;
  readonly income: string | null;
  readonly employment: string;
  readonly registered: string;
  readonly household: number | null;
}
interface Home {
  readonly id: string;
  readonly area: string;
  readonly size: number;
  readonly band: string | null;
}
/** A made-up country. */
export interface Country {
  readonly people: readonly Citizen[];
  readonly homes: readonly Home[];
}

/** Random numbers from 0 to 1 that are the same each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const AREAS = ['KE.23.01', 'KE.23.02', 'KE.47.01'];
const SEXES = ['MALE', 'FEMALE', 'OTHER'];
const STATES = ['ACTIVE', 'INACTIVE', 'DECEASED'];
const INCOMES = ['NONE', 'LOW', 'MIDDLE'];
const WORK = ['EMPLOYED', 'CASUAL', 'UNKNOWN'];
const SCORES = ['POOREST', 'POOR', 'VULNERABLE'];
const AGES = {
  AGE_0_4: [0, 5],
  AGE_5_17: [5, 18],
  AGE_18_34: [18, 35],
  AGE_35_59: [35, 60],
  AGE_60_69: [60, 70],
  AGE_70_PLUS: [70, 150],
} as const;
const SURNAMES = ["Na'kiru", 'Nakiru', 'Lomuria', 'Ekai', 'Ekál', 'Zaituni'];
const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

/** Puts persons into a registry, all in one program. Values repeat, so that orders have ties; some are not known. */
export async function tellCountry(database: TestDatabase, options: { persons: number; program: string; seed: number }): Promise<Country> {
  const random = seeded(options.seed);
  const sql = database.owner('persons');
  const homes: Home[] = Array.from({ length: 12 }, () => ({
    id: randomUUID(),
    area: pick(random, AREAS),
    size: 1 + Math.floor(random() * 6),
    band: random() < 0.2 ? null : pick(random, SCORES),
  }));
  const year = new Date().getUTCFullYear();
  const people: Citizen[] = Array.from({ length: options.persons }, (_, i) => {
    const home = random() < 0.3 ? null : Math.floor(random() * homes.length);
    // Born on the first day of a year: as old as the year says, whichever day this runs on.
    const age = pick(random, [0, 4, 5, 17, 18, 34, 35, 59, 60, 69, 70, 90]);
    return {
      given: `N${String(i).padStart(3, '0')}`,
      surname: pick(random, SURNAMES),
      area: home === null ? pick(random, AREAS) : homes[home]!.area,
      sex: pick(random, SEXES),
      birth: `${year - age}-01-01`,
      age,
      status: pick(random, STATES),
      income: random() < 0.3 ? null : pick(random, INCOMES),
      employment: pick(random, WORK),
      registered: `2024-01-0${1 + Math.floor(random() * 5)}T00:00:00.000Z`,
      household: home,
    };
  });
  for (const h of homes)
    await sql`insert into household (household_id, area_path, size, score_band, program_ids) values (${h.id}, ${h.area}, ${h.size}, ${h.band}, ${[options.program]})`;
  for (const p of people) {
    await sql`insert into person (person_id, household_id, area_path, program_ids, surname, given_name, surname_key, sex, birth_date, status, income_level, employment_status, registered_at)
      values (${randomUUID()}, ${p.household === null ? null : homes[p.household]!.id}, ${p.area}, ${[options.program]}, ${p.surname}, ${p.given}, ${foldName(p.surname)}, ${p.sex}, ${p.birth}, ${p.status}, ${p.income}, ${p.employment}, ${p.registered})`;
  }
  return { people: people.map((p) => ({ ...p, surname: foldName(p.surname) })), homes };
}

// biome-ignore lint/suspicious/noExplicitAny: filters are plain objects here, as a caller writes them
type Filter = any;
const within = (area: string, above: string) => area === above || area.startsWith(`${above}.`);

/** Whether a filter holds for a person: the meaning of filters, said a second time and without SQL. */
export function holds(filter: Filter, p: Citizen, country: Country): boolean {
  const one: Record<string, (v: Filter) => boolean> = {
    area: (v) => within(p.area, v),
    sex: (v) => v.includes(p.sex),
    status: (v) => v.includes(p.status),
    employmentStatus: (v) => v.includes(p.employment),
    incomeLevel: (v) => p.income !== null && v.includes(p.income),
    surnameStartsWith: (v) => p.surname.startsWith(foldName(v)),
    ageBand: (v: (keyof typeof AGES)[]) => v.some((b) => p.age >= AGES[b][0] && p.age < AGES[b][1]),
    household: (v) => p.household !== null && holdsOfHome(v, country.homes[p.household]!),
    and: (v: Filter[]) => v.every((f) => holds(f, p, country)),
    or: (v: Filter[]) => v.some((f) => holds(f, p, country)),
    not: (v) => !holds(v, p, country),
  };
  return Object.entries(filter).every(([name, v]) => one[name]!(v));
}

function holdsOfHome(filter: Filter, home: Home): boolean {
  const one: Record<string, (v: Filter) => boolean> = {
    area: (v) => within(home.area, v),
    sizeAtLeast: (v) => home.size >= v,
    sizeAtMost: (v) => home.size <= v,
    scoreBand: (v) => home.band !== null && v.includes(home.band),
    and: (v: Filter[]) => v.every((f) => holdsOfHome(f, home)),
    or: (v: Filter[]) => v.some((f) => holdsOfHome(f, home)),
    not: (v) => !holdsOfHome(v, home),
  };
  return Object.entries(filter).every(([name, v]) => one[name]!(v));
}

const some = <T>(random: () => number, from: readonly T[]): T[] => from.filter(() => random() < 0.5);

/** A filter of any shape, at most `depth` deep. */
export function randomFilter(random: () => number, depth: number): Filter {
  const leaves: [string, () => unknown][] = [
    ['area', () => pick(random, ['KE', 'KE.23', 'KE.23.01', 'KE.99'])],
    ['sex', () => some(random, SEXES)],
    ['status', () => some(random, STATES)],
    ['employmentStatus', () => some(random, WORK)],
    ['incomeLevel', () => some(random, INCOMES)],
    ['surnameStartsWith', () => pick(random, ['nak', "Na'kiru", 'eka', 'xyz'])],
    ['ageBand', () => some(random, Object.keys(AGES))],
    ['household', () => randomHome(random, depth)],
  ];
  return shape(random, depth, leaves, randomFilter);
}

const randomHome = (random: () => number, depth: number): Filter =>
  shape(
    random,
    depth - 1,
    [
      ['area', () => pick(random, AREAS)],
      ['sizeAtLeast', () => 1 + Math.floor(random() * 6)],
      ['sizeAtMost', () => 1 + Math.floor(random() * 6)],
      ['scoreBand', () => some(random, SCORES)],
    ],
    randomHome,
  );

function shape(
  random: () => number,
  depth: number,
  leaves: [string, () => unknown][],
  inner: (random: () => number, depth: number) => Filter,
): Filter {
  const filter: Record<string, unknown> = {};
  for (const [name, value] of leaves) if (random() < 1.5 / leaves.length) filter[name] = value();
  if (depth <= 0) return filter;
  const several = () => Array.from({ length: Math.floor(random() * 3) }, () => inner(random, depth - 1));
  if (random() < 0.3) filter.and = several();
  if (random() < 0.3) filter.or = several();
  if (random() < 0.3) filter.not = inner(random, depth - 1);
  return filter;
}
