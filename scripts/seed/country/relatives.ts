import type { MaritalStatus, Relationship } from './codes.ts';
import { companions } from './facts/households.ts';
import type { Random } from './random.ts';

/** A member to be. */
export interface Sketch {
  relationship: Relationship;
  sex: 'MALE' | 'FEMALE';
  age: number;
  maritalStatus: MaritalStatus;
}

/** Draws somebody who shares a home with a head without being a child or spouse. */
export function companion(random: Random, male: number, headAge: number): Sketch {
  return relative(random, male, random.pick(companions), headAge);
}

/** Draws a relative, or somebody unrelated, of an age that goes with the head's. */
export function relative(random: Random, male: number, relationship: Relationship, headAge: number): Sketch {
  // Young men move in with relatives for work more than young women do.
  const sex = random.chance(headAge < 40 ? male + 0.06 : male) ? 'MALE' : 'FEMALE';
  const [low, high] = agesOf(relationship, headAge);
  const age = Math.max(0, Math.min(97, random.between(low, high)));
  return { relationship, sex, age, maritalStatus: civilStatus(random, age, 'SINGLE', 0.5) };
}

/** Youngest and oldest age of a relative, given the head's. */
function agesOf(relationship: Relationship, head: number): readonly [number, number] {
  switch (relationship) {
    case 'SIBLING':
      return head < 18 ? [4, head - 1] : [Math.max(10, head - 12), head + 8];
    case 'COUSIN':
      return [Math.max(12, head - 10), head + 6];
    case 'NEPHEW_NIECE':
      return [3, Math.max(6, Math.min(26, head - 12))];
    case 'FOSTER_CHILD':
      return [1, 17];
    case 'IN_LAW':
      return head > 44 ? [19, 36] : [16, 32];
    case 'GRANDPARENT':
      return [head + 34, head + 44];
    default:
      return [15, 48];
  }
}

/** Civil status of somebody without a spouse in the household. */
export function civilStatus(random: Random, age: number, usual: MaritalStatus, factor = 1): MaritalStatus {
  if (age < 18) return 'SINGLE';
  const drawn = random.float();
  const ended = Math.min(0.75, Math.max(0, (age - 20) * 0.012)) * factor;
  if (drawn > ended) return age < 34 || random.chance(0.5) ? usual : 'SINGLE';
  if (random.float() * 100 < age - 12) return 'WIDOWED';
  const kind = random.float();
  return kind < 0.5 ? 'SEPARATED' : kind < 0.88 ? 'DIVORCED' : kind < 0.91 ? 'ANNULLED' : 'MARRIED';
}

/** Civil status of a parent who heads a household alone. */
export function loneStatus(random: Random, age: number, mother: boolean): MaritalStatus {
  const drawn = random.float();
  const widowed = Math.min(0.85, Math.max(0.04, (age - 22) * 0.014));
  if (drawn < widowed) return 'WIDOWED';
  const kind = random.float();
  if (kind < (age < 35 ? 0.55 : 0.3)) return 'SINGLE';
  if (kind < 0.72) return 'SEPARATED';
  // A spouse who works elsewhere is not a member, but the marriage stands.
  return kind < 0.85 || !mother ? 'DIVORCED' : 'MARRIED';
}
