/** The engine and the stock executor in one process, in turns, without any network: what planning, merging and shaping cost. Started by compare.ts on a core of its own. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createEngine } from '@commonweal/gateway/execute/engine.ts';
import type { Caller, SubgraphReply } from '@commonweal/gateway/execute/types.ts';
import { parse } from 'graphql';
import { getGraph } from './graphs/all.ts';
import { supergraphOf } from './graphs/compose.ts';
import { executable } from './graphs/executable.ts';
import type { BenchGraph } from './graphs/graph.ts';
import { answerParent } from './processes.ts';

/** What is asked of this process. */
export interface AloneQuestion {
  readonly graph: string;
  readonly rounds: number;
  /** CPU seconds of each of both in a round. */
  readonly seconds: number;
}

/** CPU microseconds of an answer, round by round; the last is what reading the subgraphs' answers and writing the own takes of it. */
export interface AloneReply {
  readonly ours: readonly number[];
  readonly stock: readonly number[];
  readonly json: readonly number[];
}

type Answer = (n: number) => Promise<string>;
type Canned = (subgraph: string, query: string, variables: Readonly<Record<string, unknown>>) => Promise<string>;

/** Answers of the subgraphs as text, each made once. */
function cannedAnswers(graph: BenchGraph): Canned {
  const execute = new Map(Object.entries(graph.subgraphs).map(([name, definition]) => [name, executable(definition)]));
  const known = new Map<string, string>();
  return async (subgraph, query, variables) => {
    const name = `${subgraph} ${query} ${JSON.stringify(variables)}`;
    let text = known.get(name);
    if (text === undefined) {
      text = JSON.stringify(await execute.get(subgraph)!(query, variables));
      known.set(name, text);
    }
    return text;
  };
}

function ours(graph: BenchGraph, sdl: string, canned: Canned): Answer {
  const engine = createEngine({ sdl });
  const { signal } = new AbortController();
  const caller: Caller = {
    key: null,
    call: async ({ subgraph, query, variables }) => JSON.parse(await canned(subgraph, query, variables)) as SubgraphReply,
  };
  return async (n) => JSON.stringify(await engine.answer({ query: graph.query, variables: graph.variables(n) }, caller, signal));
}

interface StockGateway {
  load(): Promise<{ executor(request: object): Promise<{ data?: unknown; errors?: unknown }> }>;
  onSchemaLoadOrUpdate(told: (loaded: { apiSchema: unknown }) => void): void;
}
interface Sent {
  readonly request: { readonly query?: string; readonly variables?: Record<string, unknown> };
}
// A dependency of the product's gateway, found from there.
const { ApolloGateway } = createRequire(fileURLToPath(import.meta.resolve('@commonweal/gateway/lru.ts')))('@apollo/gateway') as {
  ApolloGateway: new (options: object) => StockGateway;
};

async function stock(graph: BenchGraph, supergraphSdl: string, canned: Canned): Promise<Answer> {
  const buildService = ({ name }: { name: string }) => ({
    process: async ({ request }: Sent) => JSON.parse(await canned(name, request.query ?? '', request.variables ?? {})) as object,
  });
  const gateway = new ApolloGateway({ supergraphSdl, buildService });
  let schema: unknown;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    schema = apiSchema;
  });
  const { executor } = await gateway.load();
  const document = parse(graph.query);
  const shared = { document, operationName: null, queryHash: graph.name, context: {}, metrics: {}, logger: console, schema };
  return async (n) => {
    const { data, errors } = await executor({ ...shared, request: { query: graph.query, variables: graph.variables(n) } });
    return JSON.stringify({ data, errors });
  };
}

/** CPU microseconds of one answer, over at least so many seconds. */
async function cpuOf(answer: Answer, seconds: number): Promise<number> {
  const before = process.cpuUsage();
  let answers = 0;
  for (;;) {
    for (const end = answers + 20; answers < end; answers++) await answer(answers);
    const { user, system } = process.cpuUsage(before);
    if (user + system > seconds * 1e6) return (user + system) / answers;
  }
}

/** Reading what the subgraphs answer to one request, and writing the answer: nobody can do without. */
async function jsonOnly(canned: Canned, answerOf: (canned: Canned) => Answer): Promise<Answer> {
  const texts: string[] = [];
  const noting: Canned = async (...asked) => {
    const text = await canned(...asked);
    if (!texts.includes(text)) texts.push(text);
    return text;
  };
  const answer = JSON.parse(await answerOf(noting)(0)) as object;
  return async () => {
    for (const text of texts) JSON.parse(text);
    return JSON.stringify(answer);
  };
}

answerParent<AloneQuestion, AloneReply>(async ({ graph: name, rounds, seconds }) => {
  const graph = getGraph(name);
  const sdl = supergraphOf(graph, Object.fromEntries(Object.keys(graph.subgraphs).map((one) => [one, `http://${one}`])));
  const canned = cannedAnswers(graph);
  const contenders = {
    ours: ours(graph, sdl, canned),
    stock: await stock(graph, sdl, canned),
    json: await jsonOnly(canned, (noting) => ours(graph, sdl, noting)),
  };
  const [one, other] = [await contenders.ours(0), await contenders.stock(0)];
  if (one !== other) throw new Error(`the answers differ:\n${one.slice(0, 500)}\n${other.slice(0, 500)}`);
  const found: Record<keyof typeof contenders, number[]> = { ours: [], stock: [], json: [] };
  // The first round is the compiler's.
  for (let round = 0; round <= rounds; round++) {
    for (const [key, answer] of Object.entries(contenders)) {
      const cpu = await cpuOf(answer, seconds);
      if (round > 0) found[key as keyof typeof found].push(cpu);
    }
  }
  return found;
});
