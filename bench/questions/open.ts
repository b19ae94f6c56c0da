import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { openKeys } from '@commonweal/gateway/authn/keys.ts';
import { createTokenVerifier } from '@commonweal/gateway/authn/token.ts';
import { createEngine, type EngineRequest } from '@commonweal/gateway/execute/engine.ts';
import type { Caller } from '@commonweal/gateway/execute/types.ts';
import type { Graph } from '@commonweal/gateway/graph.ts';
import { createReadiness } from '@commonweal/gateway/http/health.ts';
import { createListener } from '@commonweal/gateway/http/listener.ts';
import { createLog } from '@commonweal/gateway/http/log.ts';
import { createMetrics } from '@commonweal/gateway/http/metrics.ts';
import { createRateLimit } from '@commonweal/gateway/http/rate.ts';
import { NOTHING_REGISTERED } from '@commonweal/gateway/reply/registered.ts';
import { readSupergraph } from '@commonweal/kit/config.ts';
import type { SubgraphName } from '@commonweal/schema';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { startOpenRegistries } from './open.registries.ts';
import { configOf, type RunningSystem, type SystemOptions } from './system.ts';

/**
 * The same front, planner, executor and registries without the access layer: everything for everybody. Tokens are still checked and rates counted.
 * Gone in the gateway: the decision, the rewriting of the document, its validation against what the caller may know, the check of inputs, the
 * rules of shaping, the signed hop and the audit record. For what is gone in the registries see `open.registries.ts`.
 */
export async function startOpenSystem(options: SystemOptions): Promise<RunningSystem> {
  const log = createLog('error');
  const config = configOf(options);
  const registries = await startOpenRegistries(options);
  const engine = createEngine({ sdl: readSupergraph() });
  const caller: Caller = {
    key: null,
    call: ({ subgraph, query, variables }) => registries.fetch(subgraph as SubgraphName, { query, variables, hop: '' }),
  };
  const apollo = plainServer(engine.schema, async ({ request }) => {
    const { data, errors } = await engine.answer(request, caller, new AbortController().signal);
    return {
      data,
      ...(errors ? { errors: errors.map((e) => new GraphQLError(e.message, { path: e.path, extensions: e.extensions })) } : {}),
    };
  });
  await apollo.start();
  const metrics = createMetrics();
  const listener = createListener({
    config,
    metrics,
    log,
    graph: { apollo, registered: NOTHING_REGISTERED, snapshot: () => null },
    verifier: createTokenVerifier(config.oidc, openKeys(config)),
    rate: createRateLimit(config.limits),
    readiness: createReadiness({}),
  });
  const url = await listener.listen();
  return {
    url,
    async stop() {
      await listener.stop();
      await apollo.stop();
      await registries.stop();
    },
  };
}

interface Executed {
  readonly request: EngineRequest;
}
type Executor = (operation: Executed) => Promise<{ data?: unknown; errors?: readonly GraphQLError[] }>;

/** Apollo Server as the gateway has it, with nothing of ours in it but the executor. It is the gateway's dependency, not ours, so it is found from there. */
function plainServer(schema: GraphQLSchema, executor: Executor): Graph['apollo'] {
  const require = createRequire(fileURLToPath(import.meta.resolve('@commonweal/gateway/graph.ts')));
  const { ApolloServer } = require('@apollo/server') as { ApolloServer: new (options: object) => Graph['apollo'] };
  const off = require('@apollo/server/plugin/disabled') as Record<string, () => object>;
  return new ApolloServer({
    gateway: {
      onSchemaLoadOrUpdate(told: (loaded: object) => void) {
        told({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => {};
      },
      load: async () => ({ executor }),
      stop: async () => {},
    },
    persistedQueries: false,
    csrfPrevention: true,
    introspection: true,
    nodeEnv: 'production',
    stopOnTerminationSignals: false,
    apollo: { graphRef: undefined, key: undefined },
    plugins: ['CacheControl', 'InlineTrace', 'LandingPage', 'SchemaReporting', 'UsageReporting'].map((name) =>
      off[`ApolloServerPlugin${name}Disabled`]!(),
    ),
  });
}
