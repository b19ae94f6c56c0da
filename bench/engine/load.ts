/** The load generator, a process of its own: a closed loop, in which each connection sends its next request when it has the answer of the one before. */
import type { Client } from 'undici';
import { faultIn, inClosedLoop, percentiles, post } from '../load.ts';
import { answerParent } from './processes.ts';

/** One run: where to, what, how many connections, how long. */
export interface Load {
  readonly url: string;
  readonly bodies: readonly string[];
  /** Each request has an Authorization header of its own; else all have the same. */
  readonly isDistinct: boolean;
  /** Sent in place of the generator's own, in turns. */
  readonly tokens?: readonly string[];
  readonly connections: number;
  /** How long requests are sent, and how many at the least. */
  readonly seconds: number;
  readonly least?: number;
  /** Bytes of each answer, when all are of one length; an answer of another length is a fault. */
  readonly bytes: number | null;
}

/** What a run has found. Latencies in milliseconds. */
export interface LoadResult {
  readonly answers: number;
  /** Seconds until the last answer. */
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** The first answer that was not what it should be; a run with one is no measurement. */
  readonly fault: string | null;
  /** Requests that were sent again, because the gateway closed the connection before it answered anything. */
  readonly resets: number;
  /** Share of a core that the generator itself took. */
  readonly ownShare: number;
}

// Goes on from run to run: no caller and no key comes back soon.
let next = 0;

async function run(load: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  let fault: string | null = null;
  let resets = 0;
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const end = begin + load.seconds * 1000;
  async function one(client: Client, sent: number): Promise<void> {
    const n = next++;
    const token = load.tokens ? load.tokens[n % load.tokens.length]! : load.isDistinct ? `caller-${n}` : 'caller';
    const body = load.bodies[n % load.bodies.length]!;
    let wrong = await send(client, body, token, load.bytes);
    if (wrong === RESET) {
      resets += 1;
      wrong = await send(client, body, token, load.bytes);
    }
    latencies.push(performance.now() - sent);
    fault ??= wrong;
  }
  await inClosedLoop(load.url, load.connections, (client) => {
    const sent = performance.now();
    return fault !== null || (sent >= end && latencies.length >= (load.least ?? 0)) ? null : one(client, sent);
  });
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const at = percentiles(latencies);
  return {
    answers: latencies.length,
    seconds,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    fault,
    resets,
    ownShare: (user + system) / 1e6 / seconds,
  };
}

/** A connection that the other side gave up while nothing was sent over it: every client sends such a request again. */
const RESET = 'reset';

/** What is wrong with the answer to a request, or null. */
async function send(client: Client, body: string, token: string, bytes: number | null): Promise<string | null> {
  try {
    const answer = await post(client, body, token);
    const isFine = bytes === null || bytes === answer.bytes;
    return faultIn(answer) ?? (isFine ? null : `${answer.bytes} bytes in place of ${bytes}: ${answer.first?.toString('utf8', 0, 300)}`);
  } catch (error) {
    const isReset = error instanceof Error && /^(?!broken off).*(ECONNRESET|other side closed)/.test(error.message);
    return isReset ? RESET : String(error);
  }
}

answerParent<Load, LoadResult>(run);
