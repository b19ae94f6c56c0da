import { isDeepStrictEqual } from 'node:util';
import { ask, type Running } from './gateways.ts';
import type { BenchGraph } from './graphs/graph.ts';
import type { Load, LoadResult } from './load.ts';
import { cpuMs, type Pinned, peakMiB } from './processes.ts';
import type { SubgraphsQuestion, SubgraphsReply } from './subgraphs.ts';

/** One run of one gateway. */
export interface Run extends LoadResult {
  /** CPU milliseconds of the gateway's process for one answer. */
  readonly cpuMs: number;
  /** Calls to subgraphs for one answer; null when they are in the process. */
  readonly calls: number | null;
  /** Share of the other core that load generator and subgraphs took. */
  readonly otherCore: number;
}

/** A gateway under measurement, and its runs. */
export interface Measured {
  readonly name: string;
  readonly running: Running;
  /** What it is sent, in turns. */
  readonly bodies: readonly string[];
  readonly runs: Run[];
}

/** What a case runs with. */
export interface Stage {
  readonly connections: number;
  readonly isDistinct: boolean;
  /** Tokens of callers, where they are checked. */
  readonly tokens?: readonly string[];
  /** Null: they are in the gateways. */
  readonly subgraphs: Pinned | null;
  readonly load: Pinned;
}

/** Bodies of the requests of a graph. */
export const bodiesOf = (graph: BenchGraph): string[] =>
  Array.from({ length: graph.different }, (_, n) => JSON.stringify({ query: graph.query, variables: graph.variables(n) }));

const NOTHING: SubgraphsReply = { urls: {}, calls: 0, unknown: 0, lastAuthorization: '' };
const seen = async ({ subgraphs }: Stage) => subgraphs?.ask<SubgraphsReply>({ kind: 'seen' } satisfies SubgraphsQuestion) ?? NOTHING;

/** Answers before anything counts, however long they take: on a busy machine seconds say nothing of how far the compiler of Node has come. */
const LEAST_WARM = 300;

/** Share of the calls that may be new to the subgraphs: what Hive puts into one call depends on which answers came first. */
const MOST_UNKNOWN = 0.1;

/** One run. Throws when an answer is not what it should be, or the subgraphs had to work many out. */
export async function run(
  stage: Stage,
  { name, running, bodies }: Measured,
  seconds: number,
  bytes: number | null,
  isWarmup = false,
): Promise<Run> {
  const { connections, isDistinct, tokens, subgraphs } = stage;
  await seen(stage);
  const before = cpuMs(running.process.pid);
  const subgraphsBefore = subgraphs ? cpuMs(subgraphs.pid) : 0;
  // While it is warmed up, a gateway asks the subgraphs all that it will ask them.
  const least = isWarmup ? Math.max(bodies.length + connections, LEAST_WARM) : 0;
  const load: Load = { url: running.url, bodies, isDistinct, tokens, connections, seconds, least, bytes };
  const result = await stage.load.ask<LoadResult>(load);
  if (result.fault) throw new Error(`${name}: ${result.fault}`);
  const used = cpuMs(running.process.pid) - before;
  const share = subgraphs ? (cpuMs(subgraphs.pid) - subgraphsBefore) / 1000 / result.seconds : 0;
  const { calls, unknown } = await seen(stage);
  if (!isWarmup && unknown > calls * MOST_UNKNOWN)
    throw new Error(`${name}: ${unknown} of ${calls} calls were new to the subgraphs, which were busy with them`);
  return { ...result, cpuMs: used / result.answers, calls: calls ? calls / result.answers : null, otherCore: result.ownShare + share };
}

/** Answers that are looked at before anything is timed. */
const LOOKED_AT = 3;

/** Asks all gateways the same and compares. Returns the length of an answer in each, when all of its answers are of one length. Throws when data differ. */
export async function checkEqual(
  stage: Stage,
  measured: readonly Measured[],
): Promise<Map<string, { bytes: number | null; text: string }>> {
  const found = new Map<string, { bytes: number | null; text: string }>();
  let expected: unknown[] | undefined;
  let first = '';
  for (const { name, running, bodies } of measured) {
    const texts: string[] = [];
    const data: unknown[] = [];
    for (const [n, body] of bodies.slice(0, LOOKED_AT).entries()) {
      const token = stage.tokens?.[0] ?? `check-${name.replaceAll(' ', '-')}-${n}`;
      const { status, text } = await ask(running.url, body, token);
      const answer = JSON.parse(text) as { data?: unknown; errors?: unknown };
      if (status !== 200 || answer.errors || !answer.data) throw new Error(`${name} answers ${status} ${text.slice(0, 500)}`);
      const { calls, lastAuthorization } = await seen(stage);
      if (calls > 0 && lastAuthorization !== null && lastAuthorization !== `Bearer ${token}`)
        throw new Error(`${name} did not forward the caller's Authorization header`);
      texts.push(text);
      data.push(answer.data);
    }
    if (expected && !isDeepStrictEqual(data, expected)) throw new Error(`${name} answers other data than ${first}`);
    expected ??= data;
    first ||= name;
    const bytes = Buffer.byteLength(texts[0]!);
    found.set(name, { bytes: texts.every((text) => Buffer.byteLength(text) === bytes) ? bytes : null, text: texts[0]! });
  }
  return found;
}

/** The one in the middle. */
export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Median over the rounds of one over the other, round by round. */
export const paired = (a: Measured, b: Measured, of: (run: Run) => number): number =>
  median(a.runs.map((one, n) => of(one) / of(b.runs[n]!)));

/** Most memory a gateway has had, in MiB. */
export const peakOf = ({ running }: Measured): number => peakMiB(running.process.pid);
