import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OperationSource, Registrar, SubgraphName, SubgraphTransport } from '@commonweal/schema';
import { openKeys } from './authn/keys.ts';
import { createTokenVerifier } from './authn/token.ts';
import type { GatewayConfig } from './config.ts';
import { createGraph, type Graph } from './graph.ts';
import { createReadiness, type ReadinessCheck } from './http/health.ts';
import { createListener } from './http/listener.ts';
import { createLog, type Log } from './http/log.ts';
import { createMetrics, type GatewayMetrics } from './http/metrics.ts';
import type { PlaygroundHelp } from './http/playground.types.ts';
import { createRateLimit } from './http/rate.ts';

/** What a gateway is given by whoever starts it: the registries, in this process or behind HTTP. */
export interface GatewayDeps {
  readonly transports: Readonly<Record<SubgraphName, SubgraphTransport>>;
  readonly registrar: Registrar & OperationSource;
  /** Says what a registry lacks; by name, for `/health/ready`. */
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
  /** The composed schema; `schema/supergraph.graphql` unless told otherwise. */
  readonly supergraphSdl?: string;
  readonly log?: Log;
  /** Given when registries in this process count into the same figures. */
  readonly metrics?: GatewayMetrics;
  /** Personas and their tokens, for the playground of a local system. Refused in production. */
  readonly playgroundHelp?: PlaygroundHelp | undefined;
}

/** A gateway that runs. */
export interface Gateway {
  /** Where it listens, `http://host:port`. */
  readonly url: string;
  /** Finishes what is under way, within ten seconds, then closes everything it opened. */
  stop(): Promise<void>;
}

const AUDIT_TROUBLE_MS = 10_000;

/**
 * Starts a gateway. A request meets these steps in this order; each is a folder:
 *
 * 1. `http/`     listener: headers, size and type of the body, the id of the request
 * 2. `authn/`    token and purpose -> Principal; then the rate of this consumer
 * 3. `access/`   Principal and document -> what may run; the rest is cut out before planning
 * 4. `plan/`     document -> compiled plan, cached
 * 5. `execute/`  compiled plan -> fetches from the subgraphs -> one result
 * 6. `reply/`    hidden fields, errors, audit record, answer
 */
export async function createGateway(config: GatewayConfig, deps: GatewayDeps): Promise<Gateway> {
  const log = deps.log ?? createLog(config.logLevel);
  const metrics = deps.metrics ?? createMetrics();
  const trouble = auditTrouble();
  const keys = openKeys(config);
  const graph = await createGraph({
    supergraphSdl: deps.supergraphSdl ?? readFileSync(fileURLToPath(import.meta.resolve('@commonweal/schema/supergraph.graphql')), 'utf8'),
    transports: deps.transports,
    hopSecret: config.secret,
    registrar: trouble.watch(deps.registrar),
    limits: graphLimits(config),
    log,
    metrics,
  });
  const listener = createListener({
    config,
    graph,
    verifier: createTokenVerifier(config.oidc, keys),
    rate: createRateLimit(config.limits),
    metrics,
    readiness: createReadiness({
      'the token issuer': () => keys.load().then(() => []),
      policies: policiesLoaded(graph),
      audit: trouble.check,
      ...deps.readiness,
    }),
    log,
    playgroundHelp: deps.playgroundHelp,
  });
  const url = await listener.listen().catch(async (error) => {
    await graph.stop();
    throw error;
  });
  log.info({ url, environment: config.environment }, 'the gateway listens');
  return {
    url,
    async stop() {
      await listener.stop();
      await graph.stop();
      log.info({}, 'the gateway stopped');
    },
  };
}

const graphLimits = ({ limits, audit }: GatewayConfig) => ({
  tokens: limits.tokens,
  depth: limits.depth,
  aliases: limits.aliases,
  rootFields: limits.rootFields,
  cost: limits.cost,
  timeoutMs: limits.timeoutMs,
  auditWaitMs: audit.waitMs,
});

const policiesLoaded =
  (graph: Graph): ReadinessCheck =>
  async () =>
    graph.snapshot() ? [] : ['no sharing policies are loaded, so nothing is allowed'];

/** Watches whether audit records can be written: while the last one could not, answers are refused and the gateway is not ready. */
function auditTrouble(): { watch(registrar: Registrar & OperationSource): Registrar & OperationSource; check: ReadinessCheck } {
  let failedAt = Number.NEGATIVE_INFINITY;
  return {
    watch: (registrar) => ({
      policies: (epoch) => registrar.policies(epoch),
      operations: (epoch) => registrar.operations(epoch),
      async audit(records) {
        try {
          await registrar.audit(records);
          failedAt = Number.NEGATIVE_INFINITY;
        } catch (error) {
          failedAt = performance.now();
          throw error;
        }
      },
    }),
    // Without traffic there is no new attempt: after a while the next request has to find out.
    check: async () => (performance.now() - failedAt < AUDIT_TROUBLE_MS ? ['audit records cannot be written, or their seal lags'] : []),
  };
}
