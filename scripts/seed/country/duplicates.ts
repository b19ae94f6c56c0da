import { drawPhone } from './attributes.ts';
import { dayOf, dayOfMonth, isoDay } from './calendar.ts';
import type { Relationship } from './codes.ts';
import type { Draft, Draw, Member } from './draft.ts';
import { issuers, misread, prefixedNumber } from './identifiers.ts';
import type { Random } from './random.ts';
import type { DuplicateError, GeneratedIdentifier, GeneratedPerson } from './types.ts';

/** Registers a person of an earlier household a second time, in the household being made, with the errors that clerks make. */
export function registerAgain(draw: Draw, draft: Draft, from: Draft, original: Member, relationship: Relationship): Member {
  const { random, uuids } = draw;
  const errors: DuplicateError[] = [];
  const { person } = original;
  const id = uuids.next();
  const place = draft.members.length;
  const names = rename(random, person, errors);
  const joinedDay = Math.max(draft.registeredDay, original.birthDay);
  const birth = rebirth(random, person.birthDate, isoDay(joinedDay), errors);
  copyIdentifiers(draw, draft, from.identifiers, person.id, id, place, errors);
  let { phones } = person;
  if (phones.length > 0 && random.chance(0.45)) {
    phones = random.chance(0.3) ? [] : [drawPhone(random)];
    errors.push('PHONE_CHANGED');
  }
  let { sex } = person;
  if (random.chance(0.01)) {
    sex = sex === 'MALE' ? 'FEMALE' : 'MALE';
    errors.push('SEX_WRONG');
  }
  draft.duplicates.push({ personId: id, duplicateOfPersonId: person.id, errors });
  return {
    ...original,
    person: {
      ...person,
      ...names,
      id,
      sex,
      birthDate: birth,
      phones,
      areaCode: draft.subCounty.code,
      address: draft.household.address,
      registeredOn: isoDay(joinedDay),
      updatedOn: isoDay(joinedDay),
      birthDateEstimated: person.birthDateEstimated || random.chance(0.05),
    },
    relationship,
    birthDay: dayOf(birth),
    registeredDay: joinedDay,
    joinedDay,
    place,
    recipientRole: relationship === 'HEAD' ? 'PRIMARY' : null,
    isDuplicate: true,
  };
}

/** The relationship under which somebody registered elsewhere turns up in a household with this head. */
export function guestRelationship(random: Random, head: Member, guest: Member): Relationship {
  if (guest.age < 18) return head.age - guest.age > 38 ? 'GRANDCHILD' : head.age > 17 && random.chance(0.6) ? 'NEPHEW_NIECE' : 'OTHER';
  if (Math.abs(head.age - guest.age) < 12) return random.oneOf(nearAge);
  if (head.age > guest.age) return random.oneOf(younger);
  return random.oneOf(older);
}

const nearAge: readonly Relationship[] = ['SIBLING', 'COUSIN', 'IN_LAW', 'NONE'];
const younger: readonly Relationship[] = ['NEPHEW_NIECE', 'IN_LAW', 'OTHER', 'NONE'];
const older: readonly Relationship[] = ['OTHER', 'IN_LAW', 'NONE'];

type NameFields = Pick<GeneratedPerson, 'given' | 'second' | 'surname'>;

function rename(random: Random, { given, second, surname }: NameFields, errors: DuplicateError[]): NameFields {
  const drawn = random.float();
  const onSurname = random.chance(0.5);
  if (drawn < 0.2) {
    errors.push('NAME_TYPO');
    return onSurname ? { given, second, surname: mistype(random, surname) } : { given: mistype(random, given), second, surname };
  }
  if (drawn < 0.36) {
    const heard = mishear(random, onSurname ? surname : given);
    if (heard !== null) {
      errors.push('NAME_PHONETIC');
      return onSurname ? { given, second, surname: heard } : { given: heard, second, surname };
    }
  }
  if (drawn < 0.5 && given !== surname) {
    errors.push('NAMES_SWAPPED');
    return { given: surname, second, surname: given };
  }
  if (drawn < 0.66 && second !== null) {
    errors.push('SECOND_NAME_MISSING');
    return { given, second: null, surname };
  }
  return { given, second, surname };
}

/** One slip of the hand behind the first letter: two letters change places, one is left out, or one is doubled. */
function mistype(random: Random, name: string): string {
  const at = random.between(1, name.length - 2);
  const here = name.charAt(at);
  const next = name.charAt(at + 1);
  const kind = random.int(3);
  if (kind === 0 && here !== next) return name.slice(0, at) + next + here + name.slice(at + 2);
  if (kind === 1 && name.length > 3) return name.slice(0, at) + name.slice(at + 1);
  return name.slice(0, at) + here + name.slice(at);
}

/** Spellings that sound alike in the languages of the country. */
const sounds: readonly (readonly [heard: string, written: string])[] = [
  ['ee', 'i'],
  ['ph', 'f'],
  ['ck', 'k'],
  ['th', 't'],
  ['oo', 'u'],
  ['mm', 'm'],
  ['ss', 's'],
  ['ll', 'l'],
  ['sh', 's'],
  ['ch', 'c'],
  ['iu', 'yu'],
  ['wa', 'ua'],
  ['y', 'i'],
  ['c', 'k'],
  ['k', 'c'],
  ['w', 'u'],
  ['o', 'u'],
  ['e', 'i'],
  ['i', 'y'],
  ['u', 'o'],
  ['a', 'e'],
];

function mishear(random: Random, name: string): string | null {
  const start = random.int(sounds.length);
  for (let step = 0; step < sounds.length; step++) {
    const [heard, written] = sounds[(start + step) % sounds.length] as (typeof sounds)[number];
    const at = name.indexOf(heard, 1);
    if (at > 0) return name.slice(0, at) + written + name.slice(at + heard.length);
  }
  return null;
}

/** A slip in the date of birth. No clerk writes down a birth after the day of registration. */
function rebirth(random: Random, birthDate: string, registeredOn: string, errors: DuplicateError[]): string {
  const drawn = random.float();
  if (drawn > 0.34) return birthDate;
  const year = Number(birthDate.slice(0, 4));
  const month = Number(birthDate.slice(5, 7));
  const day = Number(birthDate.slice(8, 10));
  const swapped = day <= 12 && day !== month ? isoDay(dayOfMonth(year, day, month)) : birthDate;
  if (drawn < 0.18 && swapped !== birthDate && swapped <= registeredOn) {
    errors.push('BIRTH_DAY_MONTH_SWAPPED');
    return swapped;
  }
  errors.push('BIRTH_YEAR_OFF');
  return isoDay(dayOfMonth(year - random.between(1, 2), month, Math.min(day, 28)));
}

/** Numbers are unique in the registry, so the second registration of a person with one has none, a misread one, or one of another kind. */
function copyIdentifiers(
  { random, uuids, seed, index }: Draw,
  draft: Draft,
  from: readonly GeneratedIdentifier[],
  originalId: string,
  personId: string,
  place: number,
  errors: DuplicateError[],
): void {
  const original = from.find((identifier) => identifier.personId === originalId);
  if (original === undefined) return;
  const drawn = random.float();
  const value = drawn < 0.3 ? misread(random, original.value) : null;
  if (value !== null) {
    errors.push('IDENTIFIER_MISREAD');
    draft.identifiers.push({ ...original, id: uuids.next(), personId, value, verifiedOn: null });
  } else if (drawn < 0.5 && original.type === 'UIN') {
    errors.push('IDENTIFIER_OF_OTHER_TYPE');
    const voter = prefixedNumber('V', seed, index, place);
    draft.identifiers.push({
      ...original,
      id: uuids.next(),
      personId,
      type: 'VOTER',
      value: voter,
      issuer: issuers.VOTER,
      verifiedOn: null,
    });
  } else errors.push('IDENTIFIER_MISSING');
}
