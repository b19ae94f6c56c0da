import { HeaderMap } from '@apollo/server';
import { ApiError } from '@commonweal/schema';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Graph, GraphContext } from '../graph.ts';
import { acceptJsonOnly, checkOperation, type Operation, operationOfSearch } from './body.ts';

/** What the steps before the graph found out about a request. */
export type Admitted = Pick<GraphContext, 'principal' | 'requestId'>;

/** How an operation ended: with data, with data and errors, with errors only, or through a fault on our side. */
export type Ending = 'OK' | 'PARTIAL' | 'REFUSED' | 'FAILED';

/** What the route needs. `admit` runs before the body is read: headers, token, purpose, rate. */
export interface GraphqlRoute {
  readonly graph: Pick<Graph, 'apollo'>;
  readonly admit: (request: FastifyRequest) => Promise<Admitted>;
  /** Runs the graph's work on a request, with the signal that breaks it off. */
  readonly run: <T>(request: FastifyRequest, reply: FastifyReply, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** Told the name of the operation, as the client gave it, when the graph is asked. */
  readonly onOperation: (request: FastifyRequest, name: string | null) => void;
  /** Told how it ended. */
  readonly onEnding: (request: FastifyRequest, ending: Ending) => void;
}

/** Route `/graphql`: POST with JSON; GET for queries, where Apollo's CSRF check asks for a header that a page of another site cannot send. */
export function serveGraphql(http: FastifyInstance, route: GraphqlRoute): void {
  acceptJsonOnly(http);
  const admitted = new WeakMap<FastifyRequest, Admitted>();
  http.addHook('onRequest', async (request) => {
    admitted.set(request, await route.admit(request));
  });
  http.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async (request, reply) => {
      const who = admitted.get(request);
      if (!who) throw new Error('not admitted');
      const search = searchOf(request);
      if (request.method === 'POST') checkOperation(request.body);
      const operation = request.method === 'POST' ? (request.body as Operation) : operationOfSearch(http, request, search);
      route.onOperation(request, operation.operationName || nameIn(operation.query));
      const answer = await route.run(request, reply, (signal) =>
        route.graph.apollo.executeHTTPGraphQLRequest({
          httpGraphQLRequest: { method: request.method, headers: headersOf(request), search, body: request.body },
          context: async () => ({ ...who, signal }),
        }),
      );
      route.onEnding(request, endingOf(answer));
      return send(reply, answer);
    },
  });
}

// A guess for the log: most documents hold one operation, and begin with it.
const nameIn = (query: string): string | null => /^\s*(?:query|mutation)\s+([_A-Za-z]\w*)/.exec(query)?.[1] ?? null;

type HttpAnswer = Awaited<ReturnType<Graph['apollo']['executeHTTPGraphQLRequest']>>;

function send(reply: FastifyReply, answer: HttpAnswer): FastifyReply {
  // Only @defer and @stream give an answer in pieces, and the graph has neither.
  if (answer.body.kind !== 'complete') throw new ApiError('INTERNAL', 'Something went wrong on our side.');
  for (const [name, value] of answer.headers) if (name !== 'cache-control' && name !== 'vary') reply.header(name, value);
  return reply.code(answer.status ?? 200).send(answer.body.string);
}

// Apollo writes `errors` first. Looking at the first bytes spares reading an answer of megabytes again.
function endingOf(answer: HttpAnswer): Ending {
  const { status = 200, body } = answer;
  if (status >= 500) return 'FAILED';
  if (status >= 400 || body.kind !== 'complete') return 'REFUSED';
  if (!body.string.startsWith('{"errors"')) return 'OK';
  return body.string.includes('"data":{') ? 'PARTIAL' : 'REFUSED';
}

const searchOf = (request: FastifyRequest): string => {
  const url = request.raw.url ?? '';
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark);
};

// The four that Apollo reads. Whatever else a client sends stays here: nobody behind this line can come to depend on it.
const PASSED = ['accept', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'];

function headersOf(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const name of PASSED) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}
