import { ACCESS_USES, ANONYMOUS, type Principal, SYSTEM } from '@commonweal/schema';
import type { GatewayConfig } from '../config.ts';

/** What a verified token says, before the request states its purpose. */
export interface Claims extends Omit<Principal, 'purpose'> {
  /** The purposes the token carries, as they stand in it. */
  readonly purposes: readonly string[];
}

/** Which claim holds what. */
export type ClaimNames = GatewayConfig['oidc']['claims'];

/** A token that is signed by the issuer and yet says something that cannot be. */
export class ClaimFault extends Error {}

const SCOPES: ReadonlySet<string> = new Set(ACCESS_USES.map((use) => use.toLowerCase()));
// The caller without a token and our own processes: no token may speak for them.
const RESERVED: ReadonlySet<string> = new Set([ANONYMOUS.consumer, SYSTEM.consumer]);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LONGEST_CODE = 128;
const LONGEST_USER = 256;
const LONGEST_LIST = 1000;

/**
 * Reads the claims of a verified token, exactly as they stand: nothing is trimmed, folded or normalised, so that no two spellings mean one consumer.
 * A claim of a wrong type throws `ClaimFault`, because reading it as absent would widen what the token allows.
 */
export function readClaims(payload: Readonly<Record<string, unknown>>, names: ClaimNames): Claims {
  const claim = (name: string): unknown => (Object.hasOwn(payload, name) ? payload[name] : undefined);
  const consumer = word(claim(names.consumer), names.consumer, LONGEST_CODE);
  if (RESERVED.has(consumer)) throw new ClaimFault(`${names.consumer} is a reserved name`);
  const person = claim(names.person);
  return Object.freeze({
    consumer,
    user: word(claim(names.user), names.user, LONGEST_USER),
    purposes: Object.freeze([...new Set(list(claim(names.purposes), names.purposes))]),
    scopes: scopes(claim(names.scope), names.scope),
    person: person === undefined ? null : uuid(person, names.person),
    areas: confinement(claim(names.areas), names.areas),
    programs: confinement(claim(names.programs), names.programs),
  });
}

// Absent means that the token says nothing of it. JSON null does not: an issuer that sends it may have meant "none".
const confinement = (value: unknown, name: string) => (value === undefined ? null : Object.freeze(list(value, name)));

function list(value: unknown, name: string): string[] {
  if (!Array.isArray(value) || value.length > LONGEST_LIST) throw new ClaimFault(`${name} is not a list of at most ${LONGEST_LIST}`);
  return value.map((entry) => word(entry, name, LONGEST_CODE));
}

function scopes(value: unknown, name: string): readonly string[] {
  if (value === undefined) return Object.freeze([]);
  if (typeof value !== 'string') throw new ClaimFault(`${name} is not a text`);
  return Object.freeze([...new Set(value.split(' '))].filter((entry) => SCOPES.has(entry)));
}

function uuid(value: unknown, name: string): string {
  if (typeof value !== 'string' || !UUID.test(value)) throw new ClaimFault(`${name} is not a uuid`);
  return value;
}

function word(value: unknown, name: string, longest: number): string {
  if (typeof value !== 'string' || value === '' || value.length > longest)
    throw new ClaimFault(`${name} is not a text of 1 to ${longest} characters`);
  // Another normal form of the same letters looks equal to whoever reads the audit record.
  if (value !== value.normalize('NFC')) throw new ClaimFault(`${name} is not in Unicode NFC`);
  if (/[\p{Cc}\p{Cs}]/u.test(value)) throw new ClaimFault(`${name} has control characters`);
  return value;
}
