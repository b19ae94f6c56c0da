import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { ERROR_CODES, type ErrorCode, type SubgraphAnswer, type SubgraphName } from '@commonweal/schema';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { EXISTS, ownName } from '../access/names.ts';
import { refusal, SENTENCES } from '../reply/errors.ts';
import type { Log } from '../reply/log.ts';
import type { Engine, EngineOperation, EngineResult, Fetcher } from './engine.ts';

/** Per operation, in the context of the stock executor: made anew each time, shared with nobody. */
interface StockContext {
  readonly fetcher: Fetcher;
}

/** Plans and runs with `@apollo/gateway`. Everything that it knows of requests, headers, introspection and errors is kept away from it. */
export async function stockEngine(supergraphSdl: string, log: Log): Promise<Engine> {
  const gateway = quietly(
    () =>
      new ApolloGateway({
        supergraphSdl,
        buildService: ({ name }) => source(name as SubgraphName),
        logger: loggerFor(log),
        debug: false,
        __exposeQueryPlanExperimental: false,
      }),
  );
  let schema: GraphQLSchema | undefined;
  gateway.onSchemaLoadOrUpdate((s) => {
    schema = s.apiSchema;
  });
  const { executor } = await gateway.load();
  if (!schema) throw new Error('the supergraph did not load');

  return {
    schema,
    async run(operation: EngineOperation, fetcher: Fetcher): Promise<EngineResult> {
      const context: StockContext = { fetcher };
      const result = await executor({
        document: operation.document,
        operationName: operation.operationName ?? null,
        // The executor keeps plans by this hash alone: it must be that of the rewritten text.
        queryHash: operation.hash,
        request: { operationName: operation.operationName, variables: operation.variables },
        context,
        metrics: {},
        logger: loggerFor(log),
        schema,
        cache: undefined,
        overallCachePolicy: undefined,
      } as never);
      const errors = (result.errors ?? []).map((e) => toldError(e, log));
      // The stock executor puts null where a value that must not be null is missing, and says so only here.
      const silent = (result.extensions as { valueCompletion?: readonly GraphQLError[] } | undefined)?.valueCompletion ?? [];
      const absent = new Set(silent.filter((e) => e.path?.at(-1) === EXISTS).map(parentOf));
      errors.push(
        ...silent
          // What does not exist has no fields either: that is an answer, and no fault.
          .filter((e) => !absent.has(parentOf(e)))
          .map((e) => refusal('INTERNAL', SENTENCES.INTERNAL, { path: e.path?.map(ownStep) })),
      );
      return { data: result.data ?? null, errors };
    },
    stop: () => gateway.stop(),
  };
}

function source(name: SubgraphName): GraphQLDataSource<StockContext & Record<string, unknown>> {
  return {
    async process(options) {
      const { request, context } = options;
      const { pathInIncomingRequest } = options as { pathInIncomingRequest?: readonly (string | number)[] };
      const answer = await context.fetcher.fetch(name, request.query ?? '', request.variables ?? {}, request.operationName);
      const above = pathInIncomingRequest ? [...pathInIncomingRequest] : [];
      // An error without a place belongs to the object that the fetch was for; behind a list, to the list.
      const place = above.includes('@') ? above.slice(0, above.indexOf('@')) : above;
      return {
        data: answer.data ?? null,
        errors: answer.errors?.map((e: NonNullable<SubgraphAnswer['errors']>[number]) =>
          e.path ? e : { ...e, extensions: { ...e.extensions, place } },
        ),
      } as never;
    },
  };
}

/** Errors of the executor as they may be told: those of subgraphs carry a code of the list already; the executor's own are faults of ours. */
function toldError(error: GraphQLError, log: Log): GraphQLError {
  const { code, serviceName: _, place, ...details } = error.extensions as Record<string, unknown> & { place?: (string | number)[] };
  const found = error.path ?? (place && place.length > 0 ? place : undefined);
  const path = found?.slice(0, found.includes('@') ? found.indexOf('@') : undefined).map(ownStep);
  if (typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)) return refusal(code as ErrorCode, error.message, { path, details });
  log.error({ err: error, path }, 'the executor failed');
  return refusal('INTERNAL', SENTENCES.INTERNAL, { path });
}

/** Place of the object that a missing value stands in. */
const parentOf = (error: GraphQLError) => JSON.stringify(error.path?.slice(0, -1) ?? null);

const ownStep = (step: string | number) => (typeof step === 'string' ? ownName(step) : step);

/** The stock gateway sends statistics to its vendor unless this stands in the environment when it is made; there is no option for it. A registry of beneficiaries reports to nobody. */
function quietly<T>(make: () => T): T {
  // biome-ignore lint/style/noProcessEnv: see above
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  return make();
}

const loggerFor = (log: Log) => ({
  debug: (m: unknown) => log.debug({}, String(m)),
  info: (m: unknown) => log.info({}, String(m)),
  warn: (m: unknown) => log.warn({}, String(m)),
  error: (m: unknown) => log.error({}, String(m)),
});
