import type { Relationship } from '../codes.ts';
import { byWeight, type Weighted } from '../random.ts';

/**
 * How households are made up: judgements, tuned until the ages and sexes of everybody come close to the national age pyramid
 * and about a third of the households are headed by a woman.
 */

/** A line through points by age, one value for each age from 0 to 99; nothing before the first and after the last point. */
export function line(points: Readonly<Record<number, number>>): readonly number[] {
  const at = Object.keys(points).map(Number);
  return Array.from({ length: 100 }, (_, age) => {
    const upper = at.findIndex((point) => point >= age);
    if (upper < 0 || (upper === 0 && at[0] !== age)) return 0;
    const to = at[upper] as number;
    const from = at[Math.max(0, upper - 1)] as number;
    const [low, high] = [points[from] as number, points[to] as number];
    return to === from ? high : low + ((high - low) * (age - from)) / (to - from);
  });
}

/** Chance that a person of an age heads a household of a kind, relative to other ages. */
export const headship = {
  alone: line({ 17: 0.02, 20: 0.5, 24: 1, 35: 0.9, 50: 0.9, 65: 1.5, 80: 2.4, 99: 2 }),
  young: line({ 17: 0, 18: 0.5, 24: 1, 30: 0.7, 38: 0.2, 39: 0 }),
  couple: line({ 18: 0, 21: 0.12, 26: 0.75, 32: 0.95, 40: 0.9, 65: 0.82, 80: 0.85, 99: 0.4 }),
  large: line({ 18: 0, 25: 0.08, 30: 0.5, 36: 1, 50: 1, 62: 0.78, 75: 0.7, 99: 0.3 }),
  loneParent: line({ 16: 0, 18: 0.1, 22: 0.4, 28: 0.8, 40: 1, 55: 0.95, 70: 1.1, 85: 1.2, 99: 0.6 }),
  grandparent: line({ 44: 0, 50: 0.4, 60: 1, 85: 1, 99: 0.4 }),
} as const;

/** Share of the people of an age who live with a parent, relative to other ages. */
export const childAtHome = line({ 0: 1.1, 8: 1.14, 12: 1.26, 17: 1.24, 20: 1, 25: 0.5, 30: 0.17, 40: 0.06, 55: 0.04, 99: 0 });

/** Shapes of households of two, of three or four, and of five and more members. */
export const shapes = {
  two: byWeight({ couple: 33, loneMother: 31, loneFather: 5, skipped: 8, young: 23 }),
  few: byWeight({ couple: 62, loneMother: 23, loneFather: 4, skipped: 4, young: 7 }),
  many: byWeight({ couple: 72, loneMother: 21, loneFather: 2, skipped: 3, young: 2 }),
} as const;

const relationships = (weights: Readonly<Partial<Record<Relationship, number>>>) => byWeight(weights);

/** Who joins a household besides head and spouse, by the age of the head. */
export const joiners: readonly { below: number; table: Weighted<Relationship> }[] = [
  { below: 30, table: relationships({ CHILD: 80, SIBLING: 9, COUSIN: 3, NEPHEW_NIECE: 4, PARENT: 1, IN_LAW: 2, NONE: 2, OTHER: 1 }) },
  {
    below: 45,
    table: relationships({
      CHILD: 88,
      NEPHEW_NIECE: 3,
      SIBLING: 2,
      PARENT: 2,
      IN_LAW: 1,
      FOSTER_CHILD: 1.2,
      NONE: 1.5,
      COUSIN: 0.7,
      OTHER: 1,
    }),
  },
  {
    below: 60,
    table: relationships({
      CHILD: 78,
      GRANDCHILD: 12,
      NEPHEW_NIECE: 3,
      IN_LAW: 2,
      PARENT: 1.5,
      SIBLING: 0.8,
      FOSTER_CHILD: 1,
      NONE: 1,
      OTHER: 1,
    }),
  },
  {
    below: 200,
    table: relationships({
      CHILD: 48,
      GRANDCHILD: 41,
      IN_LAW: 4,
      NEPHEW_NIECE: 2.5,
      FOSTER_CHILD: 1.5,
      SIBLING: 1,
      GRANDPARENT: 0.1,
      NONE: 1.2,
    }),
  },
];

/** Who shares a home with a young head, or fills one where no child can. */
export const companions = relationships({ SIBLING: 42, COUSIN: 18, NONE: 28, NEPHEW_NIECE: 4, IN_LAW: 4, OTHER: 4 });
