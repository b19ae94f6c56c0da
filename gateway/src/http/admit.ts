import type { Principal } from '@commonweal/schema';
import type { FastifyRequest } from 'fastify';
import { authenticate } from '../authn/authenticate.ts';
import { TokenRefused, type TokenVerifier } from '../authn/token.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { RateLimit } from './rate.ts';

/** What admitting a request takes. */
export interface Doorkeeper {
  readonly verifier: TokenVerifier;
  readonly rate: RateLimit;
  readonly metrics: GatewayMetrics;
}

/** Who asks, and for what: token and purpose. Whoever tries one bad token after the other is held up. Throws `ApiError`. */
export async function identify({ verifier, rate, metrics }: Doorkeeper, request: FastifyRequest): Promise<Principal> {
  try {
    return await authenticate(verifier, request.raw.rawHeaders, () => rate.beforeVerify(request.ip));
  } catch (error) {
    if (error instanceof TokenRefused) {
      metrics.badToken(error.fault);
      await rate.badToken(request.ip);
    }
    throw error;
  }
}
