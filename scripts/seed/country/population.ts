import { dayOf, isoDay } from './calendar.ts';
import { type CompositionTables, compositionTables, sketchHousehold } from './composition.ts';
import type { Draft, Draw, Member } from './draft.ts';
import { guestRelationship, registerAgain } from './duplicates.ts';
import { countyProfiles, drawAddress } from './geography.ts';
import { PLACES, prefixedNumber } from './identifiers.ts';
import { drawMembers } from './members.ts';
import { addMembership, drawDeaths, drawEarlierHomes } from './moves.ts';
import { drawNameStyle } from './naming.ts';
import { Neighbors } from './neighbors.ts';
import { bandOf, drawScore, scoreFormula } from './poverty.ts';
import { Random, UuidSource } from './random.ts';
import type { GeneratedHouseholdRecord } from './types.ts';

/** What to generate. */
export interface PopulationOptions {
  households: number;
  /** Any integer: another seed gives another country. */
  seed: number;
  /** The day on which the country is looked at, an ISO date. */
  asOf: string;
  /** First household, a multiple of `BLOCK`: workers can each make a part of one country. */
  first?: number;
}

/** Households per block. What a household is depends on the seed, its index and the households before it in its block only. */
export const BLOCK = 4096;

/** Streams of random numbers of one household. Lives have one of their own, so people stay the same when programs change. */
export const streams = { people: 0, peopleIds: 1, lives: 2, livesIds: 3 } as const;

/** Registration began four years ago with a drive in which half of the households were visited; the rest came later. */
const REGISTRATION_DAYS = 1461;
const DRIVE = 0.5;
const DRIVE_DAYS = 400;

/** Share of households that are a second registration of a whole household, and of the others that hold one duplicate. */
const WHOLE_AGAIN = 0.032;
const GUEST = 0.4;
const ALONE_AGAIN = 0.2;

/** Makes households one after the other, without enrollments; `lives.ts` adds those. */
export function* draftHouseholds({ households, seed, asOf, first = 0 }: PopulationOptions): Generator<Draft, void, undefined> {
  if (first % BLOCK !== 0) throw new Error(`The first household must be a multiple of ${BLOCK}.`);
  const draw: Draw = { random: new Random(), uuids: new UuidSource(), seed, index: 0, asOf: dayOf(asOf) };
  const neighbors = new Neighbors();
  for (let index = first; index < first + households; index++) {
    if (index % BLOCK === 0) neighbors.clear();
    draw.index = index;
    draw.random.reset(seed, index, streams.people);
    draw.uuids.reset(seed, index, streams.peopleIds);
    const draft = draftHousehold(draw, neighbors);
    neighbors.add(draft);
    yield draft;
  }
}

function draftHousehold(draw: Draw, neighbors: Neighbors): Draft {
  const { random } = draw;
  const twin = random.chance(WHOLE_AGAIN) ? neighbors.find(random, null, isUntouched) : undefined;
  const draft = startDraft(draw, twin);
  if (twin !== undefined) registerAllAgain(draw, draft, twin);
  else settle(draw, draft, neighbors);
  drawEarlierHomes(draw, draft, neighbors);
  drawDeaths(draw, draft);
  const { household, members } = draft;
  for (const member of members) addMembership(draw, draft, household, member, member.deathDay === 0 ? null : member.deathDay);
  finish(draw, draft);
  return draft;
}

const isUntouched = ({ takenMembers, household, members }: Draft): boolean =>
  takenMembers === 0 && household.status === 'ACTIVE' && members.every(({ isDuplicate, deathDay }) => !isDuplicate && deathDay === 0);

/** Fills a household with people of its own and, now and then, somebody registered before. */
function settle(draw: Draw, draft: Draft, neighbors: Neighbors): void {
  const { random } = draw;
  const county = draft.profile.county.code;
  const tables = compositionTables.get(county) as CompositionTables;
  const size = random.pick(tables.sizes);
  if (size === 1 && random.chance(ALONE_AGAIN)) {
    const found = findPerson(draw, neighbors, (member) => member.age > 18 && member.age < 60);
    if (found !== undefined) {
      draft.members.push(registerAgain(draw, draft, found.home, found.member, 'HEAD'));
      return;
    }
  }
  drawMembers(draw, draft, drawNameStyle(random, county), sketchHousehold(random, tables, size));
  if (size > 1 && random.chance(GUEST)) {
    const found = findPerson(draw, neighbors, () => true);
    const head = draft.members[0] as Member;
    if (found === undefined || draft.members.length >= PLACES - 1) return;
    draft.members.push(registerAgain(draw, draft, found.home, found.member, guestRelationship(random, head, found.member)));
  }
}

/** Finds a living person, registered once so far, in a household made before; marks them as taken. */
function findPerson(
  { random }: Draw,
  neighbors: Neighbors,
  suits: (member: Member) => boolean,
): { home: Draft; member: Member } | undefined {
  const home = neighbors.find(random, null, ({ members }) => members.length < 31);
  if (home === undefined) return undefined;
  const at = random.int(home.members.length);
  const member = home.members[at] as Member;
  if (((home.takenMembers >>> at) & 1) === 1 || member.isDuplicate || member.deathDay !== 0 || !suits(member)) return undefined;
  home.takenMembers |= 1 << at;
  return { home, member };
}

function registerAllAgain(draw: Draw, draft: Draft, twin: Draft): void {
  twin.members.forEach((member, at) => {
    if (at > 0 && !draw.random.chance(0.9)) return;
    twin.takenMembers |= 1 << at;
    draft.members.push(registerAgain(draw, draft, twin, member, member.relationship));
  });
}

function startDraft(draw: Draw, twin: Draft | undefined): Draft {
  const { random, uuids, seed, index, asOf } = draw;
  const profile = twin?.profile ?? random.pick(countyProfiles);
  const subCounty = twin !== undefined && random.chance(0.7) ? twin.subCounty : random.pick(profile.subCounties);
  const urban = random.chance(profile.urban);
  const registeredDay =
    asOf - (random.chance(DRIVE) ? REGISTRATION_DAYS - random.int(DRIVE_DAYS) : 14 + random.int(REGISTRATION_DAYS - 14));
  const registeredOn = isoDay(registeredDay);
  const household: GeneratedHouseholdRecord = {
    id: uuids.next(),
    registrationNumber: prefixedNumber('HH', seed, index, 0),
    areaCode: subCounty.code,
    residence: urban ? 'URBAN' : 'RURAL',
    address: drawAddress(random, profile, subCounty, urban),
    status: 'ACTIVE',
    headPersonId: '',
    size: 0,
    children: 0,
    adults: 0,
    elderly: 0,
    povertyScore: { value: 0, band: 'POOREST', type: scoreFormula.type, version: scoreFormula.version, assessedOn: registeredOn },
    assistanceUnit: 'HOUSEHOLD',
    registeredOn,
    updatedOn: registeredOn,
  };
  return {
    index,
    profile,
    subCounty,
    urban,
    refugee: camps.has(subCounty.name) && random.chance(0.35),
    means: 0.55 * profile.means + 0.8 * random.normal() + (urban ? 0.3 : -0.15),
    registeredDay,
    household,
    members: [],
    memberships: [],
    identifiers: [],
    duplicates: [],
    takenMembers: 0,
  };
}

/** Sub-counties with large refugee camps (Dadaab and Kakuma). */
const camps: ReadonlySet<string> = new Set(['Dadaab', 'Fafi', 'Turkana West']);

/** Fills in what follows from the members: head, counts and score. */
function finish({ random, asOf }: Draw, draft: Draft): void {
  const { household, members, registeredDay } = draft;
  for (const { deathDay, relationship, person, age } of members) {
    if (relationship === 'HEAD' && (deathDay === 0 || household.headPersonId === '')) household.headPersonId = person.id;
    if (deathDay !== 0) continue;
    household.size++;
    if (age < 18) household.children++;
    else if (age < 60) household.adults++;
    else household.elderly++;
  }
  if (household.size === 0) household.status = 'INACTIVE';
  const score = drawScore(random, draft);
  household.povertyScore.value = score;
  household.povertyScore.band = bandOf(score);
  if (members.length === 1) household.assistanceUnit = 'MEMBER';
  else if (members.length > 8 && random.chance(0.2)) household.assistanceUnit = 'FAMILY';
  if (random.chance(0.3)) {
    // A household that was visited again has a fresh score.
    const visited = isoDay(registeredDay + random.int(asOf - registeredDay));
    household.updatedOn = visited;
    household.povertyScore.assessedOn = visited;
  }
}
