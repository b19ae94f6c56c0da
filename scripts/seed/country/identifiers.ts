import { isoDay } from './calendar.ts';
import type { IdentifierType } from './codes.ts';
import type { Draw } from './draft.ts';
import { type Random, shuffleBelow } from './random.ts';
import type { GeneratedIdentifier } from './types.ts';

/**
 * Identifying numbers that are unique without a list of those given out: each is the shuffle of (household index, place in the
 * household), which no other person has. Good for 12 million households, the size of the country.
 */

/** Places for numbered persons in one household. */
export const PLACES = 32;

/** A number for a place in a household, below `size`; each (household, place) gives another. Throws when there are too many. */
export function uniqueNumber(seed: number, household: number, place: number, size: number): number {
  const rank = household * PLACES + place;
  if (rank >= size) throw new Error(`No number left for household ${household}.`);
  return shuffleBelow(rank, size, seed);
}

const SEVEN_DIGITS = 9_000_000;
const EIGHT_DIGITS = 90_000_000;
const NINE_DIGITS = 900_000_000;

/** A national id number: seven digits for the old, eight for most, nine for the youngest or when the shorter ones have run out. */
export function nationalId(seed: number, household: number, place: number, birthDate: string): string {
  const rank = household * PLACES + place;
  if (birthDate < '1966' && rank < SEVEN_DIGITS) return String(1_000_000 + shuffleBelow(rank, SEVEN_DIGITS, seed));
  if (birthDate < '2004' && rank < EIGHT_DIGITS) return String(10_000_000 + shuffleBelow(rank, EIGHT_DIGITS, seed));
  return String(100_000_000 + uniqueNumber(seed, household, place, NINE_DIGITS));
}

/** A number with a prefix and nine digits. */
export function prefixedNumber(prefix: string, seed: number, household: number, place: number): string {
  return prefix + String(1_000_000_000 + uniqueNumber(seed, household, place, NINE_DIGITS)).slice(1);
}

/** A passport number: two letters and seven digits; the first letter counts on when the digits have run out. */
export function passportNumber(seed: number, household: number, place: number): string {
  const rank = household * PLACES + place;
  const letter = String.fromCharCode(65 + (Math.floor(rank / 10_000_000) % 26));
  return `${letter}${rank < 260_000_000 ? 'K' : 'L'}${String(10_000_000 + shuffleBelow(rank % 10_000_000, 10_000_000, seed)).slice(1)}`;
}

/** The authority that issues numbers of a type. */
export const issuers: Readonly<Record<IdentifierType, string>> = {
  UIN: 'National Registration Bureau',
  BRN: 'Civil Registration Services',
  MRN: 'Registrar of Marriages',
  DRN: 'Civil Registration Services',
  PASSPORT: 'Directorate of Immigration Services',
  VOTER: 'Independent Electoral and Boundaries Commission',
  REFUGEE: 'Department of Refugee Services',
  PROGRAM: 'Program',
  PHONE: 'Operator',
};

/** A misreading of a number: a letter for the digit it looks like. Letters are in no true number, so it stays unique. Null when no digit is like a letter. */
export function misread(random: Random, value: string): string | null {
  const start = random.int(value.length);
  for (let step = 0; step < value.length; step++) {
    const at = (start + step) % value.length;
    const letter = lookalikes[value[at] as string];
    if (letter !== undefined) return value.slice(0, at) + letter + value.slice(at + 1);
  }
  return null;
}

const lookalikes: Readonly<Record<string, string>> = { 0: 'O', 1: 'I', 5: 'S', 8: 'B', 2: 'Z' };

/** What the identifiers of one person depend on. Days are day numbers. */
export interface Numbered {
  personId: string;
  /** Place in the household, from 0. Nobody past the last place holds a number. */
  place: number;
  age: number;
  birthDay: number;
  married: boolean;
  refugee: boolean;
  /** How well the offices reach the county, 0 to 1. */
  reach: number;
}

/** Gives a person their numbers: most adults a national id, most children a birth registration, few others, and some nothing. */
export function drawIdentifiers({ random, uuids, seed, asOf, index }: Draw, person: Numbered, into: GeneratedIdentifier[]): void {
  const { age, place, birthDay, personId } = person;
  if (place >= PLACES) return;
  const add = (type: IdentifierType, value: string, issuedDay: number, validDays = 0): void => {
    into.push({
      id: uuids.next(),
      personId,
      type,
      value,
      issuer: issuers[type],
      issuedOn: isoDay(issuedDay),
      expiresOn: validDays === 0 ? null : isoDay(issuedDay + validDays),
      verifiedOn: type === 'UIN' && random.chance(0.7) ? isoDay(asOf - random.int(700)) : null,
    });
  };
  const grownUp = birthDay + 6600;
  const since = (first: number): number => first + random.int(Math.max(1, asOf - first));
  if (person.refugee) {
    if (random.chance(0.9)) add('REFUGEE', prefixedNumber('R', seed, index, place), since(Math.max(birthDay, asOf - 4000)));
    return;
  }
  const drawn = random.float();
  if (age >= 18) {
    if (drawn < 0.94 * person.reach) {
      add('UIN', nationalId(seed, index, place, isoDay(birthDay)), grownUp + random.int(Math.min(1500, Math.max(1, asOf - grownUp))));
    } else if (drawn < 0.96) add('BRN', prefixedNumber('1', seed, index, place), birthDay + random.int(900));
    if (random.chance(0.05)) add('VOTER', prefixedNumber('V', seed, index, place), since(Math.max(grownUp, asOf - 3000)));
    if (random.chance(0.015)) add('PASSPORT', passportNumber(seed, index, place), since(Math.max(birthDay, asOf - 3000)), 3652);
    if (person.married && random.chance(0.03)) add('MRN', prefixedNumber('M', seed, index, place), since(Math.max(grownUp, asOf - 9000)));
  } else if (drawn < 0.72 * person.reach) {
    add('BRN', prefixedNumber('1', seed, index, place), birthDay + random.int(Math.max(1, Math.min(700, asOf - birthDay))));
  }
}
