/**
 * The subgraphs of one graph, a process for all of them. So light that gateways are the limit: what a body is answered is worked out once, and then looked up.
 * A call without an Authorization header is refused, so that a gateway that does not forward it is found out.
 */
import type { ServerResponse } from 'node:http';
import { type OnBody, serveBodies } from './bodies.ts';
import { getGraph } from './graphs/all.ts';
import { type Execute, executable } from './graphs/executable.ts';
import { answerParent } from './processes.ts';

/** What can be asked of the process. */
export type SubgraphsQuestion = { readonly kind: 'start'; readonly graph: string } | { readonly kind: 'seen' };

/** Where the subgraphs listen, by name; and what they have seen since the last question. */
export interface SubgraphsReply {
  readonly urls: Readonly<Record<string, string>>;
  readonly calls: number;
  /** Calls whose answer was not known yet. Must be zero in what is measured. */
  readonly unknown: number;
  /** Null: not looked at. */
  readonly lastAuthorization: string | null;
}

/** Bodies whose answers are kept. */
const MOST_KNOWN = 20_000;

const seen = { calls: 0, unknown: 0, lastAuthorization: '' };
const urls: Record<string, string> = {};

function answering(execute: Execute): OnBody {
  const known = new Map<string, Buffer>();
  async function answer(body: string): Promise<Buffer> {
    seen.unknown += 1;
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const made = Buffer.from(JSON.stringify(await execute(query, variables ?? {})));
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
    known.set(body, made);
    return made;
  }
  function end(response: ServerResponse, status: number, bytes: Buffer): void {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  }
  return (request, response, body) => {
    const { authorization } = request.headers;
    if (!authorization) return end(response, 401, Buffer.from('{"errors":[{"message":"no Authorization header"}]}'));
    seen.calls += 1;
    seen.lastAuthorization = authorization;
    const bytes = known.get(body);
    if (bytes) return end(response, 200, bytes);
    answer(body).then(
      (made) => end(response, 200, made),
      (error: unknown) => end(response, 500, Buffer.from(JSON.stringify({ errors: [{ message: String(error) }] }))),
    );
  };
}

async function start(name: string): Promise<void> {
  for (const [subgraph, definition] of Object.entries(getGraph(name).subgraphs)) {
    urls[subgraph] = `${await serveBodies(answering(executable(definition)))}/graphql`;
  }
}

answerParent<SubgraphsQuestion, SubgraphsReply>(async (question) => {
  if (question.kind === 'start') await start(question.graph);
  const reply = { urls, ...seen };
  Object.assign(seen, { calls: 0, unknown: 0 });
  return reply;
});
