import { HeaderMap } from '@apollo/server';
import { ApiError } from '@commonweal/schema';
import type { FastifyRequest } from 'fastify';
import type { Graph, GraphContext } from '../graph.ts';

/** How an operation ended: with data, with data and errors, with errors only, or through a fault on our side. */
export type Ending = 'OK' | 'PARTIAL' | 'REFUSED' | 'FAILED';

/** An answer of the graph, ready to be sent. */
export interface GraphAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly ending: Ending;
}

/** Hands a request to Apollo Server. `search` is the query string with its question mark, or empty. */
export async function askApollo(
  apollo: Graph['apollo'],
  request: FastifyRequest,
  search: string,
  context: GraphContext,
): Promise<GraphAnswer> {
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method, headers: headersOf(request), search, body: request.body },
    context: async () => context,
  });
  // Only @defer and @stream give an answer in pieces, and the graph has neither.
  if (answer.body.kind !== 'complete') throw new ApiError('INTERNAL', 'Something went wrong on our side.');
  const headers: Record<string, string> = {};
  for (const [name, value] of answer.headers) if (name !== 'cache-control' && name !== 'vary') headers[name] = value;
  const { status = 200 } = answer;
  const body = answer.body.string;
  // Apollo writes `errors` first. Looking at the first bytes spares reading an answer of megabytes again.
  const hasErrors = body.startsWith('{"errors"');
  return { status, headers, body, ending: endingOf(status, hasErrors, !hasErrors || body.includes('"data":{')) };
}

/** How an answer ended. */
export function endingOf(status: number, hasErrors: boolean, hasData: boolean): Ending {
  if (status >= 500) return 'FAILED';
  if (status >= 400 || !hasData) return 'REFUSED';
  return hasErrors ? 'PARTIAL' : 'OK';
}

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
