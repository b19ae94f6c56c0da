import { lastFour } from '@commonweal/persons/person/identifiers.ts';
import { foldName } from '@commonweal/persons/person/names.ts';
import { dayOf, dayOfMonth, isoDay } from '../country/calendar.ts';
import type { GeneratedMembership } from '../country/types.ts';
import type { RowsByTable } from '../load/rows.ts';
import { bytes, code, codes, NULL, startOf, text, texts } from '../load/text.ts';
import { addOnce, type Known, type KnownHousehold, memberOf } from './known.ts';

/** Writes a household into the persons registry. */
export type PersonsWriter = (out: RowsByTable, known: KnownHousehold) => void;

/** Prepares writing: `hash` is the registry's identifier hash in hexadecimal, `asOf` the day on which ages are counted. */
export function personsWriter(hash: (type: string, value: string) => string, asOf: string): PersonsWriter {
  const adultSince = yearsBefore(asOf, 18);
  const elderlySince = yearsBefore(asOf, 60);
  return (out, known) => {
    for (const member of known.members) writePerson(out, member, known.source.household.povertyScore.band);
    writeHousehold(out, known, adultSince, elderlySince);
    for (const { id, personId, type, value, issuer, issuedOn, expiresOn, verifiedOn } of known.source.identifiers) {
      const area = memberOf(known, personId).person.areaCode;
      out.identifier.add(
        `${personId}\t${id}\t${area}\t${type}\t${text(value)}\t${text(lastFour(value))}\t${text(issuer)}\t${code(issuedOn)}\t${code(expiresOn)}\t${verifiedOn === null ? `${NULL}\t${NULL}` : `${startOf(verifiedOn)}\t${text(issuer)}`}\n`,
      );
      out.identifierKey.add(`${bytes(hash(type, value))}\t${personId}\n`);
    }
    for (const membership of known.source.memberships) {
      const row = placeRow(membership);
      out.membership.add(row);
      out.roster.add(row);
    }
  };
}

/** A membership's row. The last day is the last one included; the registry keeps the first day on which it no longer holds. */
function placeRow({ id, personId, householdId, areaCode, relationship, recipientRole, validFrom, validTo }: GeneratedMembership): string {
  const until = validTo === null ? NULL : isoDay(dayOf(validTo) + 1);
  return `${id}\t${personId}\t${householdId}\t${areaCode}\t${relationship}\t${code(recipientRole)}\t${validFrom}\t${until}\n`;
}

function writePerson(out: RowsByTable, { person, home, programsText, providersText }: Known, band: string): void {
  const { address, disabilities } = person;
  const place =
    address === null
      ? NO_ADDRESS
      : `${text(address.line1)}\t${text(address.locality)}\t${text(address.postalCode)}\t${text(address.landmark)}\t${address.latitude}\t${address.longitude}`;
  out.person.add(
    `${person.id}\t${home === null ? NULL : home.householdId}\t${person.areaCode}\t${programsText}\t${providersText}\t${home === null ? NULL : band}\t${text(person.surname)}\t${text(person.given)}\t${text(person.second)}\t${surnameKey(person.surname)}\t${person.sex}\t${person.birthDate}\t${person.birthDateEstimated ? 't' : 'f'}\t${code(person.deathDate)}\t${person.maritalStatus}\t${person.educationLevel}\t${person.employmentStatus}\t${text(person.occupation)}\t${person.incomeLevel}\t${codes(person.languages)}\t${texts(person.phones)}\t${texts(person.emails)}\t${place}\t${codes(disabilities.map(({ type }) => type))}\t${disabilities.length === 0 ? '{}' : `{${disabilities.map(({ severity }) => severity).join(',')}}`}\t${person.status}\t${startOf(person.registeredOn)}\t${startOf(person.updatedOn)}\n`,
  );
}

const NO_ADDRESS = [NULL, NULL, NULL, NULL, NULL, NULL].join('\t');

function writeHousehold(out: RowsByTable, { source, members }: KnownHousehold, adultSince: string, elderlySince: string): void {
  const { household } = source;
  const { address, povertyScore } = household;
  const programs: string[] = [];
  const providers: string[] = [];
  const ids: string[] = [];
  let head: string | null = null;
  let children = 0;
  let elderly = 0;
  for (const member of members) {
    if (member.home === null) continue;
    ids.push(member.person.id);
    if (member.home.relationship === 'HEAD') head = member.person.id;
    // The same bounds as when the registry counts anew after a change: somebody turns 18 on the birthday.
    if (member.person.birthDate > adultSince) children++;
    else if (member.person.birthDate <= elderlySince) elderly++;
    for (const id of member.programs) addOnce(programs, id);
    for (const id of member.providers) addOnce(providers, id);
  }
  const place =
    address === null
      ? NO_HOUSE
      : `${text(address.line1)}\t${text(address.locality)}\t${text(address.postalCode)}\t${text(address.landmark)}`;
  out.household.add(
    `${household.id}\t${household.areaCode}\t${codes(programs)}\t${codes(providers)}\t${codes(ids)}\t${code(head)}\t${place}\t${ids.length}\t${children}\t${ids.length - children - elderly}\t${elderly}\t${povertyScore.value}\t${povertyScore.band}\t${text(povertyScore.type)}\t${text(povertyScore.version)}\t${povertyScore.assessedOn}\t${household.assistanceUnit}\t${startOf(household.registeredOn)}\t${startOf(household.updatedOn)}\n`,
  );
}

const NO_HOUSE = [NULL, NULL, NULL, NULL].join('\t');

/** The day so many years before, as PostgreSQL subtracts an interval: the last of the month where the day does not exist. */
function yearsBefore(day: string, years: number): string {
  const year = Number(day.slice(0, 4)) - years;
  const month = Number(day.slice(5, 7));
  return isoDay(Math.min(dayOfMonth(year, month, Number(day.slice(8, 10))), dayOfMonth(year, month + 1, 1) - 1));
}

const keys = new Map<string, string>();

/** Surnames are few and folding is slow, so each is folded once; misspelled ones are many, hence the bound. */
function surnameKey(surname: string): string {
  const known = keys.get(surname);
  if (known !== undefined) return known;
  if (keys.size > 20_000) keys.clear();
  const key = foldName(surname);
  keys.set(surname, key);
  return key;
}
