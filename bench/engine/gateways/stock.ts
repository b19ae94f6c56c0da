/** The stock gateway: @apollo/server with @apollo/gateway, as their manuals start them. Their calls to subgraphs carry the caller's Authorization header. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ExecutionResult } from 'graphql';
import { getGraph } from '../graphs/all.ts';
import { executable } from '../graphs/executable.ts';
import { readGatewayArguments } from './arguments.ts';

interface Context {
  readonly authorization: string;
}
interface Sent {
  readonly request: {
    readonly query?: string;
    readonly variables?: Record<string, unknown>;
    readonly http?: { readonly headers: { set(name: string, value: string): void } };
  };
  readonly context: Context;
}
interface Source {
  process(options: Sent): Promise<ExecutionResult>;
}
interface Apollo {
  ApolloServer: new (options: object) => object;
  ApolloGateway: new (options: object) => object;
  RemoteGraphQLDataSource: new (options: { url: string; willSendRequest(options: Sent): void }) => Source;
  startStandaloneServer(server: object, options: object): Promise<{ url: string }>;
}

// Dependencies of the product's gateway, so that they are found from there.
const require = createRequire(fileURLToPath(import.meta.resolve('@commonweal/gateway/lru.ts')));
const apollo = { ...require('@apollo/server'), ...require('@apollo/server/standalone'), ...require('@apollo/gateway') } as Apollo;

const { supergraph, port, inProcess } = readGatewayArguments();

function overHttp({ url }: { url: string }): Source {
  return new apollo.RemoteGraphQLDataSource({
    url,
    willSendRequest({ request, context }) {
      // The gateway introspects nobody, but asks for health without a caller.
      if (context.authorization) request.http?.headers.set('authorization', context.authorization);
    },
  });
}

function inThisProcess(graph: string, name: string): Source {
  const execute = executable(getGraph(graph).subgraphs[name]!);
  return { process: async ({ request }) => execute(request.query ?? '', request.variables ?? {}) };
}

const gateway = new apollo.ApolloGateway({
  supergraphSdl: readFileSync(supergraph, 'utf8'),
  buildService: (service: { name: string; url: string }) => (inProcess ? inThisProcess(inProcess, service.name) : overHttp(service)),
});
await apollo.startStandaloneServer(new apollo.ApolloServer({ gateway, introspection: false }), {
  listen: { port, host: '127.0.0.1' },
  context: async ({ req }: { req: { headers: { authorization?: string } } }): Promise<Context> => ({
    authorization: req.headers.authorization ?? '',
  }),
});
process.once('disconnect', () => process.exit(0));
