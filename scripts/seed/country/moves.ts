import { isoDay } from './calendar.ts';
import type { Relationship } from './codes.ts';
import type { Draft, Draw, Member } from './draft.ts';
import { issuers, prefixedNumber } from './identifiers.ts';
import type { Neighbors } from './neighbors.ts';
import type { GeneratedHouseholdRecord } from './types.ts';

/** Puts a membership on record; `lastDay` is null while it lasts. */
export function addMembership(
  { uuids }: Draw,
  draft: Draft,
  household: GeneratedHouseholdRecord,
  member: Member,
  lastDay: number | null,
): void {
  draft.memberships.push({
    id: uuids.next(),
    personId: member.person.id,
    householdId: household.id,
    areaCode: household.areaCode,
    relationship: member.relationship,
    recipientRole: member.recipientRole,
    validFrom: isoDay(member.joinedDay),
    validTo: lastDay === null ? null : isoDay(lastDay),
  });
}

/** Chance of dying in a year, by age: a rough Kenyan life table in steps. */
function yearlyDeaths(age: number): number {
  if (age < 5) return 0.006;
  if (age < 40) return 0.003;
  return age < 60 ? 0.009 : age < 75 ? 0.035 : 0.09;
}

/**
 * Lets members die between registration and now. A head dies only alone, or where the one spouse follows and everybody else keeps
 * their relationship. A duplicate registration does not die: nobody tells the clerk.
 */
export function drawDeaths(draw: Draw, draft: Draft): void {
  const { random, asOf } = draw;
  for (const member of draft.members) {
    const years = (asOf - member.joinedDay) / 365;
    if (member.isDuplicate || years < 0.1 || !random.chance(yearlyDeaths(member.age) * years)) continue;
    const led = member.relationship === 'HEAD' && draft.members.length > 1;
    const heir = led ? heirOf(draft.members) : undefined;
    if (led && heir === undefined) continue;
    const since = Math.max(member.joinedDay, heir?.joinedDay ?? 0);
    if (asOf - since < 30) continue;
    member.deathDay = since + 1 + random.int(asOf - since - 5);
    recordDeath(draw, draft, member);
    if (heir !== undefined) {
      addMembership(draw, draft, draft.household, heir, member.deathDay);
      heir.joinedDay = member.deathDay + 1;
      heir.relationship = 'HEAD';
      heir.recipientRole = 'PRIMARY';
      heir.person.maritalStatus = 'WIDOWED';
    }
  }
}

/** The one spouse of a household in which everybody's relationship stays true when the spouse becomes its head. */
function heirOf(members: readonly Member[]): Member | undefined {
  const spouses = members.filter(({ relationship, deathDay }) => relationship === 'SPOUSE' && deathDay === 0);
  return spouses.length === 1 && members.every(({ relationship }) => staysTrue.has(relationship)) ? spouses[0] : undefined;
}

const staysTrue: ReadonlySet<Relationship> = new Set(['HEAD', 'SPOUSE', 'CHILD', 'GRANDCHILD', 'FOSTER_CHILD', 'OTHER', 'NONE']);

function recordDeath({ random, uuids, seed, index, asOf }: Draw, draft: Draft, member: Member): void {
  const { person, place, deathDay } = member;
  member.recipientRole = null;
  person.deathDate = isoDay(deathDay);
  person.status = 'DECEASED';
  person.updatedOn = isoDay(Math.min(asOf, deathDay + random.int(60)));
  if (random.chance(0.6)) {
    draft.identifiers.push({
      id: uuids.next(),
      personId: person.id,
      type: 'DRN',
      value: prefixedNumber('D', seed, index, place),
      issuer: issuers.DRN,
      issuedOn: person.updatedOn,
      expiresOn: null,
      verifiedOn: null,
    });
  }
}

/** Chance that a member came from another household of the registry, by relationship; members under 18 move less. */
const moved: Readonly<Record<Relationship, number>> = {
  HEAD: 0.06,
  SPOUSE: 0.18,
  CHILD: 0.045,
  PARENT: 0.25,
  GRANDPARENT: 0.25,
  GRANDCHILD: 0.16,
  SIBLING: 0.16,
  IN_LAW: 0.3,
  NEPHEW_NIECE: 0.3,
  COUSIN: 0.25,
  FOSTER_CHILD: 0.4,
  OTHER: 0.2,
  NONE: 0.2,
};

/** Gives some members an earlier, closed membership: married out, came home after a divorce, was taken in, set up a household. */
export function drawEarlierHomes(draw: Draw, draft: Draft, neighbors: Neighbors): void {
  const { random } = draw;
  for (const member of draft.members) {
    if (member.isDuplicate || !random.chance(moved[member.relationship] * (member.age < 18 ? 0.6 : 1))) continue;
    const home = neighbors.find(random, draft.profile.county.code, ({ registeredDay }) => registeredDay + 60 < member.joinedDay);
    const joinedDay = Math.max(home?.registeredDay ?? 0, member.birthDay);
    if (home === undefined || joinedDay + 30 > member.joinedDay) continue;
    const past: Member = { ...member, joinedDay, relationship: formerRelationship(member, home.members[0] as Member), recipientRole: null };
    addMembership(draw, draft, home.household, past, member.joinedDay - 1);
    member.person.registeredOn = isoDay(joinedDay);
    member.registeredDay = joinedDay;
  }
}

/** What a member was to the head of the household they came from: as close as the ages and sexes of the two allow. */
function formerRelationship({ age, person }: Member, head: Member): Relationship {
  const older = head.age - age;
  const parted = person.maritalStatus === 'DIVORCED' || person.maritalStatus === 'SEPARATED';
  if (parted && Math.abs(older) < 15 && person.sex !== head.person.sex && age > 18) return 'SPOUSE';
  if (older >= 38 && age < 18) return 'GRANDCHILD';
  if (older >= 16) return 'CHILD';
  if (older <= -18) return 'PARENT';
  return Math.abs(older) < 12 ? 'SIBLING' : 'OTHER';
}
