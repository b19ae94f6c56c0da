import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { createEngine, type Engine, type EngineAnswer } from './engine.ts';
import type { Caller, SubgraphCall, SubgraphReply } from './types.ts';

/** A subgraph of an example. */
export interface ExampleSubgraph {
  readonly schema: string;
  readonly resolvers: object;
}

/** Subgraphs in this process, and an engine over them. */
export interface ExampleGraph {
  readonly engine: Engine;
  /** What was sent, in order. */
  readonly sent: readonly SubgraphCall[];
  ask(query: string, variables?: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<EngineAnswer>;
}

/** Comes between engine and subgraph: gives the reply, altered or not. */
export type Interfere = (call: SubgraphCall, answer: () => Promise<SubgraphReply>, signal: AbortSignal) => Promise<SubgraphReply>;

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@provides", "@shareable"])\n`;

type Subgraphs = Readonly<Record<string, ExampleSubgraph>>;

/** Composed once for all tests of a file: it takes longer than any of them. */
const composed = new WeakMap<Subgraphs, ReturnType<typeof compose>>();

function compose(subgraphs: Subgraphs): { engine: Engine; schemas: ReadonlyMap<string, GraphQLSchema> } {
  const services = Object.entries(subgraphs).map(([name, { schema }]) => ({ name, url: '', typeDefs: parse(LINK + schema) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.map((e) => e.message).join('\n'));
  const schemas = services.map(({ name, typeDefs }): [string, GraphQLSchema] => [
    name,
    buildSubgraphSchema([{ typeDefs, resolvers: subgraphs[name]?.resolvers as never }]),
  ]);
  return { engine: createEngine({ sdl: supergraphSdl }), schemas: new Map(schemas) };
}

/** Composes subgraphs; answers cross as JSON, as they would between processes. */
export function graphOf(subgraphs: Subgraphs, interfere: Interfere = (_, answer) => answer()): ExampleGraph {
  const { engine, schemas } = composed.get(subgraphs) ?? compose(subgraphs);
  composed.set(subgraphs, { engine, schemas });
  const sent: SubgraphCall[] = [];
  const caller: Caller = {
    key: null,
    call(call, signal) {
      sent.push(call);
      const answer = async () => {
        const schema = schemas.get(call.subgraph);
        if (!schema) throw new Error('no such subgraph');
        return copy(await execute({ schema, document: parse(call.query), variableValues: copy(call.variables) })) as SubgraphReply;
      };
      return interfere(call, answer, signal);
    },
  };
  return {
    engine,
    sent,
    ask: async (query, variables, signal = new AbortController().signal) => copy(await engine.answer({ query, variables }, caller, signal)),
  };
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The representations of a call. */
export const representations = (call: SubgraphCall | undefined): unknown => call?.variables.representations;
