import { ApiError } from '@commonweal/schema';
import { errors, jwtVerify } from 'jose';
import type { GatewayConfig } from '../config.ts';
import { ClaimFault, type Claims, readClaims } from './claims.ts';
import { type IssuerKeys, KeysUnavailable } from './keys.ts';
import { VerifiedTokens } from './verified.ts';

/** Why a token is refused: for log and metrics. The caller is told only that it is. */
export type TokenFault = 'MALFORMED' | 'SIGNATURE' | 'ALGORITHM' | 'KEY' | 'EXPIRED' | 'CLAIM';

/** Checks bearer tokens. */
export interface TokenVerifier {
  /** Claims of a token that was checked before and still holds. */
  recall(token: string): Claims | undefined;
  /** Claims of a valid token; throws `TokenRefused`, or `ApiError` UNAVAILABLE when the issuer's keys cannot be had. */
  verify(token: string): Promise<Claims>;
}

/** A token that is not valid. `about` says of a claim which one and what is wrong with it, in words of ours: nothing of what the token holds. */
export class TokenRefused extends ApiError {
  readonly fault: TokenFault;
  readonly about: string | undefined;

  constructor(fault: TokenFault, about?: string) {
    super('UNAUTHENTICATED', 'The token is not valid.');
    this.fault = fault;
    this.about = about;
  }
}

const LONGEST_TOKEN = 8192;
const KEPT_TOKENS = 10_000;
// A key that the issuer withdraws must stop its tokens soon, whatever their expiry says.
const KEPT_SECONDS = 300;

/** Makes the verifier: issuer, audience, algorithms and times are pinned by the configuration, never by the token. */
export function createTokenVerifier(oidc: GatewayConfig['oidc'], keys: IssuerKeys, now: () => Date = () => new Date()): TokenVerifier {
  const verified = new VerifiedTokens<Claims>(KEPT_TOKENS);
  const seconds = () => Math.floor(now().getTime() / 1000);
  return {
    recall: (token) => (token.length > LONGEST_TOKEN ? undefined : verified.get(VerifiedTokens.keyOf(token), seconds())),
    async verify(token) {
      if (token.length > LONGEST_TOKEN) throw new TokenRefused('MALFORMED');
      try {
        const { payload } = await jwtVerify(token, keys.find, {
          issuer: oidc.issuer,
          audience: oidc.audience,
          algorithms: [...oidc.algorithms],
          requiredClaims: ['exp', 'iss', 'aud'],
          clockTolerance: oidc.clockTolerance,
          currentDate: now(),
        });
        const claims = readClaims(payload, oidc.claims);
        const until = Math.min((payload.exp ?? 0) + oidc.clockTolerance, seconds() + KEPT_SECONDS);
        verified.set(VerifiedTokens.keyOf(token), claims, until);
        return claims;
      } catch (error) {
        throw refusal(error);
      }
    },
  };
}

function refusal(error: unknown): ApiError {
  // A valid token looks the same while the issuer cannot be reached.
  if (error instanceof KeysUnavailable)
    return Object.assign(new ApiError('UNAVAILABLE', 'Tokens cannot be checked at the moment.'), { cause: error.cause });
  return new TokenRefused(faultOf(error), aboutClaim(error));
}

function aboutClaim(error: unknown): string | undefined {
  if (error instanceof ClaimFault) return error.message;
  if (!(error instanceof errors.JWTClaimValidationFailed)) return undefined;
  return error.reason === 'missing'
    ? `${error.claim} is missing`
    : `${error.claim} is not the one that is configured, or does not hold now`;
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof ClaimFault || error instanceof errors.JWTClaimValidationFailed) return 'CLAIM';
  if (error instanceof errors.JWTExpired) return 'EXPIRED';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'ALGORITHM';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'SIGNATURE';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'KEY';
  return 'MALFORMED';
}
