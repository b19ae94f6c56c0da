import type { FastifyInstance } from 'fastify';

/** Something that must be there before the gateway can answer. Gives a sentence for what is missing. */
export type ReadinessCheck = (signal: AbortSignal) => Promise<readonly string[]>;

/** State of a gateway, as `/health/ready` tells it. */
export interface Readiness {
  readonly status: 'ready' | 'not ready';
  readonly missing: readonly string[];
}

const CHECK_LIMIT_MS = 1000;
// Anybody may ask for the state, and must not thereby keep the registries busy.
const KEEP_MS = 1000;

/** Asks all checks at once, at most once a second. A check that takes too long is missing. */
export function createReadiness(checks: Readonly<Record<string, ReadinessCheck>>, now: () => number = Date.now): () => Promise<Readiness> {
  let last: { at: number; state: Promise<Readiness> } | undefined;
  return () => {
    if (!last || now() - last.at >= KEEP_MS) last = { at: now(), state: ask(checks) };
    return last.state;
  };
}

async function ask(checks: Readonly<Record<string, ReadinessCheck>>): Promise<Readiness> {
  const found = await Promise.all(Object.entries(checks).map(([name, check]) => one(name, check)));
  const missing = found.flat();
  return { status: missing.length === 0 ? 'ready' : 'not ready', missing };
}

async function one(name: string, check: ReadinessCheck): Promise<readonly string[]> {
  const signal = AbortSignal.timeout(CHECK_LIMIT_MS);
  const late = new Promise<readonly string[]>((resolve) =>
    signal.addEventListener('abort', () => resolve([`${name} does not answer in time`])),
  );
  return Promise.race([check(signal).catch(() => [`${name} cannot be reached`]), late]);
}

/** Routes `/health/live` (the process answers) and `/health/ready` (it can do its work; 503 with what is missing). */
export function serveHealth(http: FastifyInstance, readiness: () => Promise<Readiness>, isDraining: () => boolean): void {
  http.get('/health/live', async () => ({ status: 'live' }));
  http.get('/health/ready', async (_, reply) => {
    const state: Readiness = isDraining() ? { status: 'not ready', missing: ['the gateway is stopping'] } : await readiness();
    return reply.code(state.status === 'ready' ? 200 : 503).send(state);
  });
}
