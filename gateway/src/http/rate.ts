import cluster from 'node:cluster';
import { ANONYMOUS, ApiError, type Principal } from '@commonweal/schema';
import { BurstyRateLimiter, RateLimiterCluster, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { GatewayConfig } from '../config.ts';

/**
 * How often a consumer may ask, a person through theirs, and an address may try tokens. Counted in this process, or together by the workers of a cluster;
 * gateways that are started apart count apart: n of them allow n times as much.
 */
export interface RateLimit {
  /** Counts a request of a principal. Throws `ApiError` RATE_LIMITED. */
  request(principal: Principal, address: string): Promise<void>;
  /** Refuses an address that tried too many bad tokens. Throws `ApiError` RATE_LIMITED. */
  beforeVerify(address: string): Promise<void>;
  /** Counts a bad token of an address. */
  badToken(address: string): Promise<void>;
}

const BURST_SECONDS = 10;
// Many citizens share one consumer: the script of one of them must not be a "no" for all others. Staff and systems are not told apart by their tokens, and
// what runs alone for its consumer needs all of it.
const PART_OF_A_PERSON = 0.1;
// Checking a signature takes some 200 microseconds: this many a second are noise, thousands are an attack.
const BAD_TOKENS = 100;

/** Makes the limits of a configuration. */
export function createRateLimit(limits: Pick<GatewayConfig['limits'], 'requestsPerSecond' | 'burst'>): RateLimit {
  const Limiter = cluster.isWorker ? RateLimiterCluster : RateLimiterMemory;
  /** A rate and the burst above it; counts are kept no longer than they count. */
  function bursty(prefix: string, part: number) {
    const steady = new Limiter({ keyPrefix: `s${prefix}`, points: Math.ceil(limits.requestsPerSecond * part), duration: 1 });
    const burst = Math.ceil(limits.burst * part);
    return burst > 0
      ? new BurstyRateLimiter(steady, new Limiter({ keyPrefix: `b${prefix}`, points: burst, duration: BURST_SECONDS }))
      : steady;
  }
  const ofConsumer = bursty('', 1);
  const ofPerson = bursty('p', PART_OF_A_PERSON);
  const badTokens = new Limiter({ keyPrefix: 't', points: BAD_TOKENS, duration: BURST_SECONDS });
  return {
    async request(principal, address) {
      // First the person: what is refused to one takes nothing from the others.
      if (principal.person !== null) await ofPerson.consume(`${principal.person}:${principal.consumer}`).catch(refuse);
      await ofConsumer.consume(keyOf(principal, address)).catch(refuse);
    },
    async beforeVerify(address) {
      const tried = await badTokens.get(network(address));
      if (tried && tried.consumedPoints > BAD_TOKENS) refuse(tried);
    },
    async badToken(address) {
      await badTokens.consume(network(address)).catch(() => {});
    },
  };
}

// Callers without a token share a name but not a limit, or any of them could silence all others.
const keyOf = (principal: Principal, address: string) => (principal === ANONYMOUS ? `a:${network(address)}` : `c:${principal.consumer}`);

// One subscriber has a whole /64 of IPv6 addresses.
const network = (address: string) =>
  address.includes(':') && !address.startsWith('::ffff:') ? address.split(':').slice(0, 4).join(':') : address;

// The same answer for every consumer: nothing of what is left, nothing that depends on what was found.
function refuse(state: unknown): never {
  if (!(state instanceof RateLimiterRes)) throw state;
  const retryAfter = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
  throw new ApiError('RATE_LIMITED', 'Too many requests. Wait, then send again.', { retryAfter });
}
