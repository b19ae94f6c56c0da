import { ANONYMOUS, ApiError, type Principal } from '@commonweal/schema';
import type { Claims } from './claims.ts';
import { choosePurpose } from './purpose.ts';
import { TokenRefused, type TokenVerifier } from './token.ts';

/** Header in which a request states its one purpose. */
export const PURPOSE_HEADER = 'x-purpose';

/** Runs before a token that was not seen before is checked, which is costly; may refuse by throwing. */
export type BeforeVerify = () => Promise<void>;

/**
 * Token and stated purpose -> Principal. Without an Authorization header the caller is `ANONYMOUS`; with one that is not valid nobody, never anonymous:
 * a client whose token expired must learn of it, not get the answers of a stranger. `rawHeaders` as node:http gives them, names and values in turn,
 * because its joined headers hide that one was sent twice. Throws `ApiError`.
 */
export async function authenticate(
  verifier: TokenVerifier,
  rawHeaders: readonly string[],
  beforeVerify: BeforeVerify = async () => {},
): Promise<Principal> {
  const token = bearerToken(only(rawHeaders, 'authorization', () => new TokenRefused('MALFORMED')));
  const stated = only(
    rawHeaders,
    PURPOSE_HEADER,
    () => new ApiError('BAD_USER_INPUT', `Send the header ${PURPOSE_HEADER} once, with one purpose.`),
  );
  if (token === null) return anonymous(stated);
  const claims = verifier.recall(token) ?? (await check(verifier, token, beforeVerify));
  return principalOf(claims, choosePurpose(claims.purposes, stated));
}

const principals = new WeakMap<Claims, Map<string, Principal>>();

/** The same object each time for the claims of one token and one purpose, so that what is worked out for it can be remembered by it. Purposes are a closed list. */
function principalOf(claims: Claims, purpose: string): Principal {
  let ofClaims = principals.get(claims);
  if (!ofClaims) {
    ofClaims = new Map();
    principals.set(claims, ofClaims);
  }
  const known = ofClaims.get(purpose);
  if (known) return known;
  const { purposes: _, ...rest } = claims;
  const principal = Object.freeze({ ...rest, purpose });
  ofClaims.set(purpose, principal);
  return principal;
}

async function check(verifier: TokenVerifier, token: string, beforeVerify: BeforeVerify): Promise<Claims> {
  await beforeVerify();
  return verifier.verify(token);
}

function anonymous(stated: string | null): Principal {
  choosePurpose([ANONYMOUS.purpose], stated);
  return ANONYMOUS;
}

function bearerToken(header: string | null): string | null {
  if (header === null) return null;
  // The b64token of RFC 6750; the scheme is case-insensitive, what follows is not.
  const token = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw new TokenRefused('MALFORMED');
  return token;
}

function only(rawHeaders: readonly string[], name: string, twice: () => ApiError): string | null {
  let found: string | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() !== name) continue;
    if (found !== null) throw twice();
    found = rawHeaders[i + 1] ?? '';
  }
  return found;
}
