import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import {
  buildCatalog,
  checkAccessSpec,
  type OperationSource,
  type PolicySnapshot,
  type Registrar,
  type SubgraphName,
  type SubgraphTransport,
} from '@commonweal/schema';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { compiler } from './access/compile.ts';
import { decisions } from './access/decisions.ts';
import { DEFAULT_LIMITS, type GraphLimits } from './access/limits.ts';
import { policyWatch } from './access/policies.ts';
import { registeredBook } from './access/registered.ts';
import { createEngine } from './execute/engine.ts';
import { callersOver } from './fetches.ts';
import { type Metrics, NO_METRICS } from './graph.metrics.ts';
import { Lru } from './lru.ts';
import { type RunBase, runOperation } from './operation.ts';
import { auditWriter } from './reply/audit.ts';
import type { GraphContext } from './reply/context.ts';
import { formatError } from './reply/errors.ts';
import { finish, progressOf } from './reply/finish.ts';
import type { Log } from './reply/log.ts';
import { type RegisteredWay, registeredWay } from './reply/registered.ts';

export type { GraphContext } from './reply/context.ts';

/** What the graph is made of. */
export interface GraphDeps {
  readonly supergraphSdl: string;
  readonly transports: Readonly<Record<SubgraphName, SubgraphTransport>>;
  /** The deployment's hop secret, 32 bytes or more. */
  readonly hopSecret: Buffer;
  readonly registrar: Registrar & OperationSource;
  /** What differs from `DEFAULT_LIMITS`. */
  readonly limits?: Partial<GraphLimits>;
  readonly log: Log;
  readonly metrics?: Metrics;
  readonly now?: () => Date;
}

/** The running graph. */
export interface Graph {
  /** Started. Requests go through `executeHTTPGraphQLRequest` with a fresh `GraphContext` each. */
  readonly apollo: ApolloServer<GraphContext>;
  /** Requests that name a registered operation go through this, and those of consumers that may send no text. */
  readonly registered: RegisteredWay;
  /** The sharing policies in force, or null while they are not known: then the process is not ready. */
  snapshot(): PolicySnapshot | null;
  stop(): Promise<void>;
}

/** Builds and starts the graph. Throws when the supergraph cannot be read, has another access spec or a field without a class, or cannot be planned over. */
export async function createGraph(deps: GraphDeps): Promise<Graph> {
  const { log, metrics = NO_METRICS, now = () => new Date() } = deps;
  const limits: GraphLimits = { ...DEFAULT_LIMITS, ...deps.limits };
  const supergraph = parse(deps.supergraphSdl, { noLocation: true });
  checkAccessSpec(supergraph);
  const catalog = buildCatalog(supergraph);
  const engine = createEngine({ sdl: deps.supergraphSdl });
  const watching = { everyMs: limits.policyPollMs, staleAfterMs: limits.policyStaleMs };
  const policies = policyWatch(deps.registrar, watching, log);
  const book = registeredBook(deps.registrar, { ...watching, tokens: limits.tokens }, log);
  const base: RunBase = {
    catalog,
    engine,
    policies,
    limits,
    log,
    decisions: decisions(catalog, engine.schema, now),
    compile: compiler({
      engine,
      catalog,
      limits,
      tripwire: (coordinate) => {
        metrics.tripwire(coordinate);
        log.error({ coordinate }, 'tripwire: a hidden field got past validation');
      },
    }),
    openCaller: callersOver({ transports: deps.transports, hopSecret: deps.hopSecret, metrics, log, now }),
  };

  const settling = { write: auditWriter(deps.registrar, limits.auditWaitMs, metrics), base, metrics, log, now };
  const apollo = new ApolloServer<GraphContext>({
    gateway: gatewayOf(engine.schema, base),
    logger: { debug: (m) => log.debug({}, m), info: (m) => log.info({}, m), warn: (m) => log.warn({}, m), error: (m) => log.error({}, m) },
    // Validation is ours: against what this caller may know.
    dangerouslyDisableValidation: true,
    parseOptions: { maxTokens: limits.tokens },
    formatError,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    documentStore: documents(),
    csrfPrevention: true,
    introspection: true,
    nodeEnv: 'production',
    stopOnTerminationSignals: false,
    apollo: { graphRef: undefined, key: undefined },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      finish(settling),
    ],
  });
  await Promise.all([policies.start(), book.start()]);
  await apollo.start();
  return {
    apollo,
    registered: registeredWay(base, book, settling),
    snapshot: () => policies.current(),
    async stop() {
      policies.stop();
      book.stop();
      await apollo.stop();
    },
  };
}

type Gateway = NonNullable<NonNullable<ConstructorParameters<typeof ApolloServer<GraphContext>>[0]>['gateway']>;

/** Characters of source text whose parsed documents are remembered. */
const MOST_TEXT = 2_000_000;

/** Parsed documents by the hash of their text, in a memory that a flood of new texts does not empty. */
function documents(): NonNullable<ConstructorParameters<typeof ApolloServer<GraphContext>>[0]['documentStore']> {
  const remembered = new Lru<DocumentNode>(MOST_TEXT);
  return {
    get: async (key) => remembered.get(key),
    set: async (key, document) => remembered.set(key, document, 500 + (document.loc?.end ?? 2000)),
    delete: async (key) => remembered.delete(key),
  };
}

/** Our steps in the place where Apollo Server would run a gateway. */
function gatewayOf(schema: GraphQLSchema, base: RunBase): Gateway {
  return {
    onSchemaLoadOrUpdate(told) {
      told({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({
      executor: async ({ context, document, queryHash, request }) => {
        const { principal, requestId, signal } = context as unknown as GraphContext;
        const answer = await runOperation(base, {
          document,
          hash: queryHash,
          operationName: request.operationName ?? undefined,
          variables: request.variables ?? {},
          principal,
          requestId,
          signal,
        });
        progressOf(context).answer = answer;
        return {
          ...(answer.data === undefined ? {} : { data: answer.data }),
          ...(answer.errors.length > 0 ? { errors: answer.errors } : {}),
        };
      },
    }),
    stop: async () => {},
  };
}
