import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { foldNumber } from './names.ts';

/** Node prepares bare bytes as a key anew each time, which takes longer than the hash. */
const prepared = new WeakMap<Buffer, KeyObject>();

/** HMAC-SHA256 of a number, by which it is found: type and folded value. The key is the deployment's. */
export function identifierHash(key: Buffer, type: string, value: string): Buffer {
  const ready = prepared.get(key) ?? createSecretKey(key);
  prepared.set(key, ready);
  return createHmac('sha256', ready)
    .update(`${type}\n${foldNumber(value)}`)
    .digest();
}

/** The last four characters of a number, for recognizing one's own; of a short number fewer, so that half of it stays hidden. */
export const lastFour = (value: string): string => value.slice(-Math.min(4, Math.floor(value.length / 2)));
