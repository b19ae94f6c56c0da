import { createHmac, createSecretKey, type Hmac, hash, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Principal } from './principal.ts';

/** What the gateway tells a subgraph with each fetch, signed: for whom, under which policies, for exactly this query. */
export interface Hop {
  /** Name of the subgraph it is meant for. */
  readonly audience: string;
  /** Unix time in seconds after which it is refused. */
  readonly expires: number;
  /** Unique; a second one with the same is refused. */
  readonly id: string;
  /** SHA-256 of the query text, base64url. */
  readonly queryHash: string;
  readonly principal: Principal;
  readonly epoch: number;
  /** Digest of the decision that the gateway made; the subgraph makes its own and compares. */
  readonly digest: string;
  readonly requestId: string;
  /** The caller's own key of a mutation is bound in the variables; the kind of operation tells whether it may write. */
  readonly operation: 'query' | 'mutation';
}

/** Lifetime of a hop token in seconds. */
export const HOP_LIFETIME = 30;

/** Why a hop token is refused; told to nobody but the log. */
export type HopFault = 'MALFORMED' | 'BAD_SIGNATURE' | 'OTHER_AUDIENCE' | 'EXPIRED' | 'TOO_LONG_LIVED' | 'OTHER_QUERY' | 'REPLAYED';

/** Key of one subgraph, derived from the deployment's hop secret (32 bytes or more), so that no subgraph can sign for another. */
export const hopKey = (secret: Buffer, subgraph: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'commonweal', `hop:${subgraph}`, 32));

/** SHA-256 of a query text, base64url. */
export const queryHash = (query: string): string => hash('sha256', query, 'base64url');

// Node prepares bare bytes as a key anew for each signature, which takes five times as long as the signature.
const prepared = new WeakMap<Buffer, KeyObject>();
function mac(key: Buffer, body: string): Hmac {
  const ready = prepared.get(key) ?? createSecretKey(key);
  prepared.set(key, ready);
  return createHmac('sha256', ready).update(body);
}

/** What a hop says for as long as a decision holds. */
type Standing = Pick<Hop, 'audience' | 'principal' | 'epoch' | 'digest'>;

/** The beginning of a token's body, with what it was made of. */
interface Beginning extends Omit<Standing, 'principal'> {
  readonly text: string;
}

// By principal, then by audience: a principal has one for each registry at the most, and goes with its token.
const beginnings = new WeakMap<Principal, Map<string, Beginning>>();

/** The part of a token's body that is the same in all hops of a decision. It is remembered for a principal that cannot change, and holds for exactly this epoch and digest. */
function beginningOf(hop: Standing): string {
  const { audience, principal, epoch, digest } = hop;
  const all = beginnings.get(principal);
  const known = all?.get(audience);
  if (known && known.epoch === epoch && known.digest === digest) return known.text;
  let json = `${JSON.stringify({ audience, principal, epoch, digest }).slice(0, -1)},`;
  // Base64 of two texts is that of the first and that of the second when the first has a multiple of three bytes. JSON does not mind the spaces.
  json += ' '.repeat((3 - (Buffer.byteLength(json) % 3)) % 3);
  const text = Buffer.from(json).toString('base64url');
  if (!Object.isFrozen(principal)) return text;
  if (all) all.set(audience, { audience, epoch, digest, text });
  else beginnings.set(principal, new Map([[audience, { audience, epoch, digest, text }]]));
  return text;
}

/** Signs a hop: `body.signature`, both base64url. */
export function signHop(key: Buffer, hop: Hop): string {
  const { expires, id, queryHash, requestId, operation } = hop;
  const rest = JSON.stringify({ expires, id, queryHash, requestId, operation }).slice(1);
  const body = beginningOf(hop) + Buffer.from(rest).toString('base64url');
  return `${body}.${mac(key, body).digest('base64url')}`;
}

/**
 * Verifies a hop token for one subgraph and one query. `now` in seconds. `seen` remembers ids until they expire and says whether one is new.
 * Returns the hop, or why it is refused.
 */
export function verifyHop(
  key: Buffer,
  token: string,
  audience: string,
  query: string,
  now: number,
  seen: { firstTime(id: string, expires: number): boolean },
): { hop: Hop } | { fault: HopFault } {
  const dot = token.indexOf('.');
  if (dot < 1 || token.length > 16_384) return { fault: 'MALFORMED' };
  const body = token.slice(0, dot);
  const given = Buffer.from(token.slice(dot + 1), 'base64url');
  const expected = mac(key, body).digest();
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { fault: 'BAD_SIGNATURE' };
  const hop = JSON.parse(Buffer.from(body, 'base64url').toString()) as Hop;
  if (hop.audience !== audience) return { fault: 'OTHER_AUDIENCE' };
  if (!(hop.expires > now)) return { fault: 'EXPIRED' };
  if (hop.expires > now + HOP_LIFETIME + 5) return { fault: 'TOO_LONG_LIVED' };
  if (hop.queryHash !== queryHash(query)) return { fault: 'OTHER_QUERY' };
  if (!seen.firstTime(hop.id, hop.expires)) return { fault: 'REPLAYED' };
  return { hop };
}
