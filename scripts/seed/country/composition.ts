import type { Relationship } from './codes.ts';
import { populationByAge } from './facts/age-sex.ts';
import { type County, counties } from './facts/counties.ts';
import { childAtHome, headship, joiners, shapes } from './facts/households.ts';
import { type Random, type Weighted, weighted } from './random.ts';
import { civilStatus, companion, loneStatus, relative, type Sketch } from './relatives.ts';

/**
 * Who lives in a household: relationships, sexes, ages in years and civil status, before anybody has a name.
 * Sizes and the share of old people follow the county's census figures; the rules that join people are judgements, tuned until
 * the ages of everybody together come close to the national age pyramid.
 */

/** Tables of one county. */
export interface CompositionTables {
  sizes: Weighted<number>;
  /** Ages of heads by kind of household. */
  headAges: Record<HeadKind, Weighted<number>>;
  polygamous: number;
  /** Share of men among members whose relationship does not decide their sex. */
  male: number;
}

type HeadKind = keyof typeof headship;

const LARGEST = 18;
const GENERATION = 15;
const polygamousCounties = new Set([4, 7, 8, 9, 10, 23, 24, 25, 33, 34]);

/** Sizes of households: one member more than a negative binomial count, wider for towns, cut at 18, with the county's average. */
function sizesOf(average: number): Weighted<number> {
  const shape = average * 0.48;
  const sizes = Array.from({ length: LARGEST }, (_, index) => index + 1);
  const table = (mean: number): number[] => {
    const chance = shape / (shape + mean);
    let weight = chance ** shape;
    return sizes.map((size) => {
      const now = weight;
      weight = (weight * (size - 1 + shape) * (1 - chance)) / size;
      return now;
    });
  };
  let mean = average - 1;
  // The cut takes off the largest households; a few rounds put their members back.
  for (let round = 0; round < 6; round++) {
    const weights = table(mean);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const found = weights.reduce((sum, weight, index) => sum + weight * (index + 1), 0) / total;
    mean += average - found;
  }
  return weighted(sizes, table(mean));
}

/** National percentage of people over 65, with which the county's is compared. */
const nationOver65 = 3.87;

const ages = Array.from({ length: 100 }, (_, age) => age);
const peopleAged = (age: number): number => (populationByAge.male[age] as number) + (populationByAge.female[age] as number);

/** Tables by county number. */
export const compositionTables: ReadonlyMap<number, CompositionTables> = new Map(
  counties.map((county) => [county.code, tablesOf(county)] as const),
);

function tablesOf(county: County): CompositionTables {
  const old = county.over65 / nationOver65;
  const headAges = (kind: HeadKind): Weighted<number> =>
    weighted(
      ages,
      ages.map((age) => peopleAged(age) * (headship[kind][age] as number) * (age >= 65 ? old : 1)),
    );
  return {
    sizes: sizesOf(county.householdPopulation / county.households),
    headAges: {
      alone: headAges('alone'),
      young: headAges('young'),
      couple: headAges('couple'),
      large: headAges('large'),
      loneParent: headAges('loneParent'),
      grandparent: headAges('grandparent'),
    },
    polygamous: polygamousCounties.has(county.code) ? 0.12 : 0.02,
    male: county.male / (county.male + county.female),
  };
}

/** Weights of a child of an age living at home, added up: a draw between two ages is a draw between two sums. */
const atHome = new Float64Array(101);
for (const age of ages) atHome[age + 1] = (atHome[age] as number) + peopleAged(age) * (childAtHome[age] as number);

function drawChildAge(random: Random, youngest: number, oldest: number): number {
  const low = atHome[youngest] as number;
  const sum = low + random.float() * ((atHome[oldest + 1] as number) - low);
  let from = youngest;
  let to = oldest;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((atHome[middle + 1] as number) > sum) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Draws the members of a household of a size, head first. */
export function sketchHousehold(random: Random, tables: CompositionTables, size: number): Sketch[] {
  if (size === 1) return [sketchAlone(random, tables)];
  const shape = random.pick(size === 2 ? shapes.two : size < 5 ? shapes.few : shapes.many);
  const members: Sketch[] = [];
  let motherAge: number;
  switch (shape) {
    case 'couple': {
      const age = Math.max(19, random.pick(size > 4 ? tables.headAges.large : tables.headAges.couple));
      members.push({ relationship: 'HEAD', sex: random.chance(0.93) ? 'MALE' : 'FEMALE', age, maritalStatus: 'MARRIED' });
      motherAge = addSpouse(random, members, age);
      if (size > 3 && random.chance(tables.polygamous)) motherAge = Math.max(motherAge, addSpouse(random, members, age - 5));
      break;
    }
    case 'young': {
      // Brothers and sisters or housemates; a few of the heads are children themselves.
      const age = random.chance(0.05) ? random.between(14, 17) : random.pick(tables.headAges.young);
      members.push({
        relationship: 'HEAD',
        sex: random.chance(0.55) ? 'MALE' : 'FEMALE',
        age,
        maritalStatus: civilStatus(random, age, 'SINGLE'),
      });
      while (members.length < size) members.push(companion(random, tables.male, age));
      return members;
    }
    case 'skipped': {
      const age = random.pick(tables.headAges.grandparent);
      const sex = random.chance(0.25) ? 'MALE' : 'FEMALE';
      members.push({ relationship: 'HEAD', sex, age, maritalStatus: random.chance(sex === 'MALE' ? 0.4 : 0.75) ? 'WIDOWED' : 'SEPARATED' });
      while (members.length < size) members.push(descendant(random, 'GRANDCHILD', Math.min(19, age - 2 * GENERATION - 4)));
      return members;
    }
    default: {
      const mother = shape === 'loneMother';
      motherAge = random.pick(tables.headAges.loneParent);
      const age = mother ? motherAge : motherAge + 3;
      members.push({ relationship: 'HEAD', sex: mother ? 'FEMALE' : 'MALE', age, maritalStatus: loneStatus(random, age, mother) });
    }
  }
  fill(random, tables, members, size, motherAge);
  return members;
}

function fill(random: Random, tables: CompositionTables, members: Sketch[], size: number, motherAge: number): void {
  const head = members[0] as Sketch;
  const { table } = joiners.find(({ below }) => head.age < below) as (typeof joiners)[number];
  let room = Math.min(12, Math.floor((motherAge - GENERATION) / 1.8) + 1);
  let parents = 0;
  while (members.length < size) {
    const relationship = random.pick(table);
    if (relationship === 'CHILD' && room > 0) {
      room--;
      members.push(ownChild(random, members, motherAge));
    } else if (relationship === 'PARENT' && head.age < 68 && parents < 2) {
      parents++;
      const sex = random.chance(parents === 1 ? 0.2 : 0.5) ? 'MALE' : 'FEMALE';
      members.push({
        relationship,
        sex,
        age: Math.min(97, head.age + random.between(18, 34)),
        maritalStatus: random.chance(0.7) ? 'WIDOWED' : 'MARRIED',
      });
    } else if (relationship === 'GRANDCHILD' && head.age > 35) {
      members.push(descendant(random, relationship, Math.min(20, head.age - 2 * GENERATION - 4)));
    } else if (relationship !== 'CHILD' && relationship !== 'PARENT' && relationship !== 'GRANDCHILD') {
      members.push(relative(random, tables.male, relationship, head.age));
    } else {
      members.push(companion(random, tables.male, head.age));
    }
  }
}

function sketchAlone(random: Random, tables: CompositionTables): Sketch {
  const age = random.pick(tables.headAges.alone);
  const sex = random.chance(age < 55 ? 0.72 : 0.38) ? 'MALE' : 'FEMALE';
  return { relationship: 'HEAD', sex, age, maritalStatus: civilStatus(random, age, age > 60 ? 'WIDOWED' : 'SINGLE') };
}

/** Adds a spouse and gives the age of the woman of the pair, which bounds the ages of children. */
function addSpouse(random: Random, members: Sketch[], headAge: number): number {
  const head = members[0] as Sketch;
  const sex = head.sex === 'MALE' ? 'FEMALE' : 'MALE';
  const gap = Math.round(4.5 + 3.5 * random.normal());
  const age = Math.min(96, Math.max(17, headAge - (sex === 'FEMALE' ? gap : -gap)));
  members.push({ relationship: 'SPOUSE', sex, age, maritalStatus: 'MARRIED' });
  return sex === 'FEMALE' ? age : headAge;
}

function ownChild(random: Random, members: readonly Sketch[], motherAge: number): Sketch {
  const oldest = Math.min(55, motherAge - GENERATION);
  const youngest = Math.min(oldest, Math.max(0, motherAge - 46));
  let age = drawChildAge(random, youngest, oldest);
  // Sisters and brothers of one age are twins, and those are rare: look for another age first.
  for (let attempt = 0; attempt < 3 && members.some((other) => other.relationship === 'CHILD' && other.age === age); attempt++) {
    age = drawChildAge(random, youngest, oldest);
  }
  return {
    relationship: 'CHILD',
    sex: random.chance(age < 18 ? 0.508 : 0.58) ? 'MALE' : 'FEMALE',
    age,
    maritalStatus: civilStatus(random, age, 'SINGLE', 0.25),
  };
}

function descendant(random: Random, relationship: Relationship, oldest: number): Sketch {
  const age = drawChildAge(random, 0, Math.max(0, oldest));
  return { relationship, sex: random.chance(0.507) ? 'MALE' : 'FEMALE', age, maritalStatus: 'SINGLE' };
}
