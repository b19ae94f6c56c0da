import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { createEngine, type EngineAnswer } from '@commonweal/gateway/execute/engine.ts';
import { LIBRARY } from '@commonweal/gateway/execute/library.examples.ts';
import type { CallObserver } from '@commonweal/gateway/execute/observe.ts';
import { Sharing } from '@commonweal/gateway/execute/sharing.ts';
import { type HttpOptions, httpTransport } from '@commonweal/gateway/execute/transport.http.ts';
import { openWay } from '@commonweal/gateway/execute/transport.ts';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { type Behavior, json, type Misbehaving, misbehaving } from './misbehaving.ts';

/** The subgraphs of the library: `books` lists them, `people` and `reviews` know more of what is listed. */
export type Name = keyof typeof LIBRARY;
const NAMES = Object.keys(LIBRARY) as Name[];

/** An engine over the library, each subgraph behind a socket of its own. */
export interface ServedLibrary {
  readonly servers: Readonly<Record<Name, Misbehaving>>;
  /** How a subgraph answers that does not misbehave. */
  readonly wellBehaved: Readonly<Record<Name, Behavior>>;
  readonly sharing: Sharing;
  /** What happened to calls, in order: the subgraph and how it ended. */
  readonly counted: [string, string][];
  /** Asks as somebody; the subgraphs are told who. */
  ask(query: string, more?: { variables?: Record<string, unknown>; who?: string; signal?: AbortSignal }): Promise<EngineAnswer>;
  stop(): Promise<void>;
}

const HEADER = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';
const NEVER = new AbortController().signal;

/** Starts the library. `options` hold for all of its subgraphs, `own` for one. */
export async function serveLibrary(
  options: Partial<HttpOptions> = {},
  own: Readonly<Partial<Record<Name, Partial<HttpOptions>>>> = {},
): Promise<ServedLibrary> {
  const services = NAMES.map((name) => ({ name, url: '', typeDefs: parse(HEADER + LIBRARY[name].schema) }));
  const { supergraphSdl } = composeServices(services);
  const schemas = services.map(({ name, typeDefs }) => buildSubgraphSchema([{ typeDefs, resolvers: resolversOf(name) as never }]));
  const wellBehaved = byName((i) => answering(schemas[i]!));
  const started = await Promise.all(NAMES.map((name) => misbehaving(wellBehaved[name])));
  const servers = byName((i) => started[i]!);
  const transports = byName((i) => httpTransport({ subgraph: NAMES[i]!, url: started[i]!.url, ...options, ...own[NAMES[i]!] }));
  const engine = createEngine({ sdl: supergraphSdl! });
  const sharing = new Sharing();
  const counted: [string, string][] = [];
  const observer: CallObserver = {
    ended: (subgraph, outcome) => counted.push([subgraph, outcome]),
    retried: (subgraph) => counted.push([subgraph, 'retried']),
    joined: (subgraph) => counted.push([subgraph, 'joined']),
  };
  const callerOf = openWay({ transports, sharing, observer });
  return {
    servers,
    wellBehaved,
    sharing,
    counted,
    ask(query, { variables, who = 'somebody', signal = NEVER } = {}) {
      const caller = callerOf({ key: who, headers: () => ({ 'x-who': who }) });
      return engine.answer({ query, variables }, caller, signal);
    },
    async stop() {
      for (const server of started) await server.stop();
      for (const transport of Object.values(transports)) await transport.close();
    },
  };
}

const byName = <T>(make: (index: number) => T): Record<Name, T> => Object.fromEntries(NAMES.map((n, i) => [n, make(i)])) as Record<Name, T>;

/** Persons are called by another name by everybody who asks, so that an answer that reaches the wrong one is seen. */
function resolversOf(name: Name): object {
  const { resolvers } = LIBRARY[name];
  if (name !== 'people') return resolvers;
  const { Person } = resolvers as { Person: object };
  const named = ({ name }: { name: string }, _: unknown, { who }: { who: string }) => (who === 'somebody' ? name : `${name}, dear ${who}`);
  return { ...resolvers, Person: { ...Person, name: named } };
}

const answering =
  (schema: GraphQLSchema): Behavior =>
  async (request, response, { query, variables }) => {
    const contextValue = { who: request.headers['x-who'] };
    json(await execute({ schema, document: parse(query), variableValues: variables, contextValue }))(request, response, {
      query,
      variables,
    });
  };
