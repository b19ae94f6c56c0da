/**
 * The registries behind HTTP, a process for all of them. So light that gateways are the limit: what a body is answered is worked out once, and then looked up.
 * Besides, what the gateway asks between processes: policies, registered operations, the audit log, and a collector of spans. Nothing is verified and nothing kept.
 */
import type { ServerResponse } from 'node:http';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import { type OnBody, serveBodies } from '../bodies.ts';
import { answerParent } from '../processes.ts';
import type { SubgraphsQuestion, SubgraphsReply } from '../subgraphs.ts';
import { answersOfFakes, cannedRegistrar } from './canned.ts';

/** Bodies whose answers are kept. */
const MOST_KNOWN = 20_000;

const seen = { calls: 0, unknown: 0 };
const urls: Record<string, string> = {};
const make = answersOfFakes();

function end(response: ServerResponse, bytes: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

/** What the consent registry is asked by other processes of ours, and what any other address here answers. */
async function internal(path: string, body: string): Promise<Buffer> {
  const known = (): number | null => (JSON.parse(body) as { knownEpoch: number | null }).knownEpoch;
  if (path === '/internal/policies') return Buffer.from(JSON.stringify(await cannedRegistrar.policies(known())));
  if (path === '/internal/operations') return Buffer.from(JSON.stringify(await cannedRegistrar.operations(known())));
  return Buffer.from('{}');
}

function answering(subgraph: SubgraphName): OnBody {
  const known = new Map<string, Buffer>();
  async function answer(body: string): Promise<Buffer> {
    seen.unknown += 1;
    const { query, variables = {} } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const made = Buffer.from(await make({ subgraph, query, variables }));
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
    known.set(body, made);
    return made;
  }
  return (request, response, body) => {
    const bytes = known.get(body);
    if (request.url === '/graphql') seen.calls += 1;
    if (request.url === '/graphql' && bytes) return end(response, bytes);
    const made = request.url === '/graphql' ? answer(body) : internal(request.url ?? '', body);
    made.then(
      (bytes) => end(response, bytes),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  };
}

async function start(): Promise<void> {
  for (const subgraph of SUBGRAPHS) {
    urls[subgraph] = await serveBodies(answering(subgraph));
  }
}

answerParent<SubgraphsQuestion, SubgraphsReply>(async (question) => {
  if (question.kind === 'start') await start();
  // The product hands no header of its callers on, so there is none to look for.
  const reply = { urls, ...seen, lastAuthorization: null };
  Object.assign(seen, { calls: 0, unknown: 0 });
  return reply;
});
