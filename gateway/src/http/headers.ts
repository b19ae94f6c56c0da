import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FrontRefusal } from './errors.ts';

/** Largest size of all headers together, bytes, with the request line. */
export const MAX_HEADER_BYTES = 16 * 1024;
/** Most headers of a request. */
export const MAX_HEADERS = 64;

/** On every answer: what was shared with one caller for one purpose is for no cache and no other page. */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  vary: 'authorization, x-purpose',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The id of a request: the caller's own when it is short and plain, so that it can stand in logs and records; else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SAFE_ID.test(given) ? given : randomUUID();
}

// The only expectation that HTTP knows, as Node finds it: Node meets it before the request arrives here.
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

/** Refuses a request by its headers alone. */
export function checkHeaders(request: IncomingMessage): void {
  // Node would refuse these two by itself, without a body and without what keeps caches and pages out.
  if (request.httpVersion === '1.1' && request.headers.host === undefined) throw new FrontRefusal(400, 'Send the header host.');
  if (request.httpVersion === '1.1' && !CONTINUE.test(request.headers.expect ?? '100-continue'))
    throw new FrontRefusal(417, 'Nothing but 100-continue can be expected.');
  if (request.rawHeaders.length > MAX_HEADERS * 2)
    throw new FrontRefusal(431, `A request has at most ${MAX_HEADERS} headers.`, 'LIMIT_EXCEEDED');
}
