import { type Circumstances, drawDisabilities, drawEducation, drawEmails, drawPhones, drawWork } from './attributes.ts';
import { isoDay } from './calendar.ts';
import type { Draft, Draw, Member } from './draft.ts';
import { drawIdentifiers } from './identifiers.ts';
import { drawChildNames, drawNames, type LanguageSets, type NameStyle, type Names } from './naming.ts';
import type { Random } from './random.ts';
import type { Sketch } from './relatives.ts';
import type { GeneratedDisability } from './types.ts';

/** Turns the sketch of a household into members with names, dates and attributes, head first. */
export function drawMembers(draw: Draw, draft: Draft, style: NameStyle, sketches: readonly Sketch[]): void {
  const { random } = draw;
  const circumstances: Circumstances = { profile: draft.profile, urban: draft.urban, means: draft.means };
  const languages = random.pick(style.languages);
  let family: Names | null = null;
  for (const sketch of sketches) {
    const names = drawNamesOf(random, style, sketch, draft.members[0], family);
    // A father gives his names to the children; a mother alone gives hers.
    if (sketch.relationship === 'HEAD' || (sketch.relationship === 'SPOUSE' && sketch.sex === 'MALE')) family = names;
    draft.members.push(drawMember(draw, draft, circumstances, sketch, names, languages));
  }
  assignRecipient(random, draft.members);
}

function drawNamesOf(
  random: Random,
  style: NameStyle,
  { relationship, sex }: Sketch,
  head: Member | undefined,
  family: Names | null,
): Names {
  if (head === undefined || family === null) return drawNames(random, style, sex);
  switch (relationship) {
    case 'CHILD':
      return drawChildNames(random, style, sex, family);
    case 'SPOUSE':
    case 'GRANDCHILD':
    case 'NEPHEW_NIECE':
    case 'SIBLING': {
      const names = drawNames(random, style, sex);
      const shared = relationship === 'SIBLING' ? 0.9 : relationship === 'GRANDCHILD' ? 0.6 : style.muslim ? 0 : 0.45;
      return random.chance(shared) ? { given: names.given, second: names.second, surname: family.surname } : names;
    }
    default:
      return drawNames(random, style, sex);
  }
}

function drawMember(draw: Draw, draft: Draft, circumstances: Circumstances, sketch: Sketch, names: Names, languages: LanguageSets): Member {
  const { random, uuids, asOf } = draw;
  const { sex, age, relationship, maritalStatus } = sketch;
  const birthDay = asOf - Math.floor(age * 365.25) - 1 - random.int(364);
  const education = drawEducation(random, circumstances, sex, age);
  const disabilities = drawDisabilities(random, draft.profile.county, sex, age);
  const severity = worst(disabilities);
  const work = drawWork(random, circumstances, sex, age, education, severity > 1);
  const head = draft.members[0];
  const late = random.chance(0.05) ? random.int(asOf - draft.registeredDay) : 0;
  const joinedDay = Math.max(draft.registeredDay + (head === undefined ? 0 : late), birthDay);
  const registeredOn = isoDay(joinedDay);
  const place = draft.members.length;
  const id = uuids.next();
  drawIdentifiers(
    draw,
    {
      personId: id,
      place,
      age,
      birthDay,
      married: maritalStatus === 'MARRIED',
      refugee: draft.refugee,
      reach: Math.min(1, 0.97 + 0.03 * draft.profile.means),
    },
    draft.identifiers,
  );
  return {
    person: {
      id,
      surname: names.surname,
      given: names.given,
      second: names.second,
      sex,
      birthDate: isoDay(birthDay),
      birthDateEstimated: age > 40 && random.chance(age > 60 ? 0.35 : 0.1),
      deathDate: null,
      maritalStatus,
      status: 'ACTIVE',
      educationLevel: education,
      employmentStatus: work.employmentStatus,
      occupation: work.occupation,
      incomeLevel: work.incomeLevel,
      languages: languages[age < 4 || education === 0 ? (age < 4 || age > 45 ? 0 : 1) : education > 1 ? 2 : 1],
      phones: drawPhones(random, circumstances, age, head === undefined ? [] : head.person.phones),
      emails: drawEmails(random, circumstances, education, names.given, names.surname),
      disabilities,
      areaCode: draft.subCounty.code,
      address: draft.household.address,
      registeredOn,
      updatedOn: random.chance(0.3) ? isoDay(asOf - random.int(asOf - joinedDay + 1)) : registeredOn,
    },
    relationship,
    age,
    birthDay,
    registeredDay: joinedDay,
    joinedDay,
    deathDay: 0,
    severity,
    place,
    recipientRole: null,
    isDuplicate: false,
  };
}

function worst(disabilities: readonly GeneratedDisability[]): number {
  let severity = 0;
  for (const disability of disabilities) severity = Math.max(severity, disability.severity);
  return severity;
}

/** Names who collects: a wife more often than the head, and sometimes somebody who stands in. */
function assignRecipient(random: Random, members: readonly Member[]): void {
  const head = members[0] as Member;
  const wife = members.find(({ relationship, person }) => relationship === 'SPOUSE' && person.sex === 'FEMALE');
  const primary = wife !== undefined && random.chance(0.55) ? wife : head;
  primary.recipientRole = 'PRIMARY';
  if (members.length === 1 || !random.chance(0.4)) return;
  const alternate = members.find((member) => member !== primary && member.age >= 18);
  if (alternate !== undefined) alternate.recipientRole = 'ALTERNATE';
}
