import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Graph, GraphContext } from '../graph.ts';
import type { Asked, Reply } from '../reply/registered.ts';
import { contentTypeFor } from './accept.ts';
import { askApollo, type Ending, endingOf, type GraphAnswer } from './apollo.ts';
import { acceptJsonOnly, checkOperation, type Operation, operationOfSearch } from './body.ts';
import { FrontRefusal } from './errors.ts';

/** What the steps before the graph found out about a request. */
export type Admitted = Pick<GraphContext, 'principal' | 'requestId'>;

declare module 'fastify' {
  interface FastifyRequest {
    /** What the steps before the graph found out; null before they have. */
    admitted: Admitted | null;
  }
}

/** What the route needs. `admit` runs before the body is read: headers, token, purpose, rate. */
export interface GraphqlRoute {
  readonly graph: Pick<Graph, 'apollo' | 'registered'>;
  readonly admit: (request: FastifyRequest) => Promise<Admitted>;
  /** Runs the graph's work on a request, with the signal that breaks it off. */
  readonly run: <T>(request: FastifyRequest, reply: FastifyReply, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** Told the name of the operation: as the client gave it, when the graph is asked; of a registered one also when it was answered. */
  readonly onOperation: (request: FastifyRequest, name: string | null) => void;
  /** Told how it ended. */
  readonly onEnding: (request: FastifyRequest, ending: Ending) => void;
}

/**
 * Route `/graphql`: POST with JSON; GET for queries, where Apollo's CSRF check asks for a header that a page of another site cannot send. A text goes through
 * Apollo Server. A registered operation does not: what Apollo does to its text was done when it was read.
 */
export function serveGraphql(http: FastifyInstance, route: GraphqlRoute): void {
  const { apollo, registered } = route.graph;
  acceptJsonOnly(http);
  http.decorateRequest('admitted', null);
  http.addHook('onRequest', async (request) => {
    request.admitted = await route.admit(request);
  });
  http.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async (request, reply) => {
      const who = request.admitted;
      if (!who) throw new Error('not admitted');
      if (request.method === 'POST') checkOperation(request.body);
      const operation = request.method === 'POST' ? (request.body as Operation) : operationOfSearch(http, request, searchOf(request));
      route.onOperation(request, operation.operationName || (operation.query ? nameIn(operation.query) : null));
      const { status, headers, body, ending } = await route.run(request, reply, (signal) => answer(request, operation, { ...who, signal }));
      route.onEnding(request, ending);
      return reply.code(status).headers(headers).send(body);
    },
  });

  /** Answers a request by the way that it has to go. */
  async function answer(request: FastifyRequest, operation: Operation, who: GraphContext): Promise<GraphAnswer> {
    const { query, documentId } = operation;
    const search = searchOf(request);
    if (documentId) {
      // By GET it needs the checks that a GET needs, and Apollo makes them.
      const text = request.method === 'GET' ? await registered.textOf(who.principal, documentId) : null;
      if (text !== null) return askApollo(apollo, request, withText(search, text), who);
      return lean(request, operation, who, (asked) => registered.answer(documentId, asked));
    }
    if (registered.takesText(who.principal)) return askApollo(apollo, request, search, who);
    return lean(request, operation, who, (asked) => registered.refuseText(query ?? '', asked));
  }

  async function lean(
    request: FastifyRequest,
    { operationName, variables }: Operation,
    { principal, requestId, signal }: GraphContext,
    work: (asked: Asked) => Promise<Reply>,
  ): Promise<GraphAnswer> {
    const { accept } = request.headers;
    const type = contentTypeFor(accept);
    if (type === null)
      throw new FrontRefusal(406, 'The answer is application/json or application/graphql-response+json; accept one of them.');
    const reply = await work({
      principal,
      requestId,
      signal,
      operationName: operationName ?? undefined,
      variables: variables ?? {},
      accept,
    });
    if (reply.operationName !== null) route.onOperation(request, reply.operationName);
    const { status, body, hasErrors, hasData } = reply;
    return { status, body, headers: { 'content-type': type }, ending: endingOf(status, hasErrors, hasData) };
  }
}

// A guess for the log: most documents hold one operation, and begin with it.
const nameIn = (query: string): string | null => /^\s*(?:query|mutation)\s+([_A-Za-z]\w*)/.exec(query)?.[1] ?? null;

const searchOf = (request: FastifyRequest): string => {
  const url = request.raw.url ?? '';
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark);
};

/** A query string with the text of an operation in the place of its id. */
function withText(search: string, text: string): string {
  const parameters = new URLSearchParams(search);
  parameters.delete('documentId');
  parameters.set('query', text);
  return `?${parameters.toString()}`;
}
