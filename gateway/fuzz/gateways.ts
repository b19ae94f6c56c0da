import { ApolloGateway } from '@apollo/gateway';
import { buildSchema, type DocumentNode, type GraphQLSchema } from 'graphql';
import { createEngine } from '../src/execute/engine.ts';
import type { Caller, SubgraphReply } from '../src/execute/types.ts';
import type { Operation } from './ask/operation.ts';
import { silenceTelemetry } from './config.environment.ts';

/** The place of an error in an answer. */
export type Path = readonly (string | number)[];

/** An answer, whoever gave it. */
export interface Answer {
  /** Undefined when nothing was run. */
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: Path | undefined;
    readonly extensions?: Readonly<Record<string, unknown>> | undefined;
  }[];
  /** Nulls in the place of values that must not be null, which stock tells apart from errors. */
  readonly completion: readonly { readonly path?: Path | undefined }[];
}

/** Something that answers operations by asking subgraphs. */
export interface Gateway {
  answer(operation: Operation, caller: Caller): Promise<Answer>;
}

/** Our engine. `whole`: the schema with what clients do not see. */
export function ours(sdl: string): Gateway & { readonly schema: GraphQLSchema; readonly whole: GraphQLSchema } {
  const engine = createEngine({ sdl });
  return {
    schema: engine.schema,
    whole: buildSchema(sdl, { assumeValidSDL: true }),
    async answer(operation, caller) {
      const { data, errors } = await engine.answer(
        { query: operation.text, variables: operation.variables },
        caller,
        new AbortController().signal,
      );
      return { data, errors: errors ?? [], completion: [] };
    },
  };
}

/** Apollo's gateway, with subgraphs in the process. */
export async function stock(sdl: string): Promise<Gateway & { stop(): Promise<void> }> {
  silenceTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl: sdl,
    validateSupergraph: false,
    // Weighing more plans against each other takes most of the time, and changes no answer; without a limit to the ways it may take minutes for one operation.
    queryPlannerConfig: { debug: { maxEvaluatedPlans: 100, pathsLimit: 2_000 } },
    __exposeQueryPlanExperimental: false,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    buildService: ({ name }) => ({
      async process({ request, context }) {
        const { caller } = context as unknown as { caller: Caller };
        const query = request.query ?? '';
        const operation = query.startsWith('mutation') ? 'mutation' : 'query';
        // As over the network: nothing is shared with what was sent.
        const variables = JSON.parse(JSON.stringify(request.variables ?? {})) as Record<string, unknown>;
        return (await caller.call({ subgraph: name, query, variables, operation }, new AbortController().signal)) as never;
      },
    }),
  });
  const { executor } = await gateway.load();
  return {
    async answer(operation, caller) {
      const result = await execute(executor, operation, caller);
      const completion = (result.extensions?.valueCompletion ?? []) as Answer['completion'];
      return { data: result.data, errors: result.errors ?? [], completion };
    },
    stop: () => gateway.stop(),
  };
}

interface StockResult {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: Answer['errors'];
  readonly extensions?: { readonly valueCompletion?: unknown };
}

async function execute(executor: (request: never) => Promise<unknown>, operation: Operation, caller: Caller): Promise<StockResult> {
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  try {
    return (await executor({
      document: operation.document satisfies DocumentNode,
      operationName: null,
      queryHash: operation.text,
      request: { variables: operation.variables },
      context: { caller },
      metrics: {},
      logger,
    } as never)) as StockResult;
  } catch (error) {
    return { errors: [{ message: `stock threw: ${error instanceof Error ? error.message : String(error)}` }] };
  }
}

/** A caller that asks a function. */
export const callerOf = (key: string | null, call: (...args: Parameters<Caller['call']>) => Promise<SubgraphReply>): Caller => ({
  key,
  call,
});
