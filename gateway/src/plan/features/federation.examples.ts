import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';
import { onTestFinished, vi } from 'vitest';
import { createEngine } from '../../execute/engine.ts';
import { processTransport } from '../../execute/transport.process.ts';
import type { Caller, SubgraphCall } from '../../execute/types.ts';

/** A subgraph of an example. Its schema is federation 2 unless it links something itself or is said to be of the old kind. */
export interface Subgraph {
  readonly schema: string;
  // biome-ignore lint/suspicious/noExplicitAny: resolvers of examples are shorter than their types
  readonly resolvers?: Record<string, any>;
  readonly isFederation1?: boolean;
}

/** What a gateway answers. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly string[];
}

type Variables = Readonly<Record<string, unknown>>;

/** Some subgraphs, and three ways to ask them. */
export interface Federation {
  readonly supergraph: string;
  ours(query: string, variables?: Variables): Promise<Answer>;
  /** Apollo's gateway: what it gets wrong today is said in tests, so that we hear of it when it is mended. */
  stock(query: string, variables?: Variables): Promise<Answer>;
  /** One server that has everything, over plain objects: what any gateway must answer. Rejects when there are errors in it. */
  monolith(query: string, variables?: Variables): Promise<Answer>;
  /** What our engine sent, in order. */
  readonly sent: SubgraphCall[];
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@provides", "@shareable",
  "@override", "@inaccessible", "@interfaceObject"])\n`;

/** Composes subgraphs, each in this process; `everything` is the root object of the monolith. */
export function federation(subgraphs: Readonly<Record<string, Subgraph>>, everything: unknown = {}): Federation {
  const services = Object.entries(subgraphs).map(([name, { schema, isFederation1 }]) => {
    const isWhole = isFederation1 || schema.includes('@link');
    return { name, url: `http://${name}.example`, typeDefs: parse(isWhole ? schema : LINK + schema) };
  });
  const { supergraphSdl: supergraph, errors } = composeServices(services);
  if (!supergraph) throw new Error(`the example does not compose: ${errors?.map((e) => e.message).join('\n')}`);
  const transports = new Map(
    services.map(({ name, typeDefs }) => [
      name,
      processTransport({
        subgraph: name,
        schema: buildSubgraphSchema([{ typeDefs, resolvers: (subgraphs[name]?.resolvers ?? {}) as never }]),
      }),
    ]),
  );
  const sent: SubgraphCall[] = [];
  const caller: Caller = {
    key: null,
    call(call, signal) {
      sent.push(call);
      return transports.get(call.subgraph)!.send(call, signal);
    },
  };
  const engine = createEngine({ sdl: supergraph });

  return {
    supergraph,
    sent,
    async ours(query, variables) {
      return told(await engine.answer({ query, variables }, caller, new AbortController().signal));
    },
    async stock(query, variables = {}) {
      const gateway = stockGateway(supergraph, (call) => transports.get(call.subgraph)!.send(call, new AbortController().signal));
      const { executor } = await gateway.load();
      const result = await executor({
        document: parse(query),
        queryHash: query,
        request: { query, variables },
        context: {},
        metrics: {},
        logger: console,
        schema: engine.schema,
        overallCachePolicy: undefined,
      } as never);
      return told(result as never);
    },
    async monolith(query, variables) {
      const answer = told(
        await execute({ schema: engine.schema, document: parse(query), rootValue: everything, variableValues: variables }),
      );
      if (answer.errors) throw new Error(`the example is wrong: ${answer.errors.join('\n')}`);
      return answer;
    },
  };
}

function stockGateway(supergraphSdl: string, call: (call: SubgraphCall) => Promise<unknown>): ApolloGateway {
  // It sends statistics to its vendor unless this stands in the environment when it is made.
  vi.stubEnv('APOLLO_TELEMETRY_DISABLED', 'true');
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    buildService: ({ name }) => ({
      process: ({ request }) =>
        call({
          subgraph: name,
          query: request.query ?? '',
          variables: structuredClone(request.variables ?? {}),
          operation: 'query',
        }) as never,
    }),
  });
  onTestFinished(async () => {
    await gateway.stop();
    vi.unstubAllEnvs();
  });
  return gateway;
}

/** Plain objects, and errors as their texts. */
function told({ data, errors }: { readonly data?: unknown; readonly errors?: readonly { readonly message: string }[] }): Answer {
  const plain = data === undefined ? {} : { data: JSON.parse(JSON.stringify(data)) as unknown };
  return errors?.length ? { ...plain, errors: errors.map((e) => e.message) } : plain;
}
