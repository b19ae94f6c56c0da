import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
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
function mac(key: Buffer, body: string): Buffer {
  const ready = prepared.get(key) ?? createSecretKey(key);
  prepared.set(key, ready);
  return createHmac('sha256', ready).update(body).digest();
}

/** Signs a hop: `body.signature`, both base64url. */
export function signHop(key: Buffer, hop: Hop): string {
  const body = Buffer.from(JSON.stringify(hop)).toString('base64url');
  return `${body}.${mac(key, body).toString('base64url')}`;
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
  const expected = mac(key, body);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { fault: 'BAD_SIGNATURE' };
  const hop = JSON.parse(Buffer.from(body, 'base64url').toString()) as Hop;
  if (hop.audience !== audience) return { fault: 'OTHER_AUDIENCE' };
  if (!(hop.expires > now)) return { fault: 'EXPIRED' };
  if (hop.expires > now + HOP_LIFETIME + 5) return { fault: 'TOO_LONG_LIVED' };
  if (hop.queryHash !== queryHash(query)) return { fault: 'OTHER_QUERY' };
  if (!seen.firstTime(hop.id, hop.expires)) return { fault: 'REPLAYED' };
  return { hop };
}
