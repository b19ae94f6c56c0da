import { createHmac } from 'node:crypto';
import { foldNumber } from './names.ts';

/** HMAC-SHA256 of a number, by which it is found: type and folded value. The key is the deployment's. */
export const identifierHash = (key: Buffer, type: string, value: string): Buffer =>
  createHmac('sha256', key)
    .update(`${type}\n${foldNumber(value)}`)
    .digest();

/** The last four characters of a number, for recognizing one's own; of a short number fewer, so that half of it stays hidden. */
export const lastFour = (value: string): string => value.slice(-Math.min(4, Math.floor(value.length / 2)));
