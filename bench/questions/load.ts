/**
 * The load generator, a process of its own: a closed loop, in which each connection sends its next request when it has the answer of the one before.
 * Started by `child.ts`; each message is one run.
 */
import { Client } from 'undici';
import { serveParent } from './child.ts';
import type { Asked } from './keys.ts';

/** One run: where to, how many connections, how long. */
export interface Load {
  readonly url: string;
  readonly requests: readonly Asked[];
  readonly connections: number;
  /** Seconds that are not counted, and seconds that are. */
  readonly warmup: number;
  readonly seconds: number;
}

/** What a run has found. Latencies in milliseconds. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers in the seconds that count, and in all. */
  readonly answers: number;
  readonly all: number;
  /** The first answer that was not 200 or told of errors; a run with one is no measurement. */
  readonly fault: string | null;
  /** Bytes of one answer, in the middle. */
  readonly bytes: number;
}

// Goes on from run to run: neighbors in time ask for different people.
let next = 0;

async function run(load: Load): Promise<LoadResult> {
  const clients = Array.from({ length: load.connections }, () => new Client(load.url, { pipelining: 1 }));
  const latencies: number[] = [];
  const sizes: number[] = [];
  let fault: string | null = null;
  let all = 0;
  const begin = performance.now() + load.warmup * 1000;
  const end = begin + load.seconds * 1000;
  const one = async (client: Client) => {
    while (fault === null) {
      const asked = load.requests[next++ % load.requests.length]!;
      const sent = performance.now();
      if (sent >= end) return;
      const { status, text } = await send(client, asked);
      const now = performance.now();
      all += 1;
      if (status !== 200 || text.startsWith('{"errors"')) fault ??= `${status} ${text.slice(0, 300)}`;
      if (now >= begin && now <= end) {
        latencies.push(now - sent);
        sizes.push(text.length);
      }
    }
  };
  await Promise.all(clients.map(one));
  await Promise.all(clients.map((client) => client.close()));
  latencies.sort((a, b) => a - b);
  sizes.sort((a, b) => a - b);
  const at = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    perSecond: latencies.length / load.seconds,
    p50: at(latencies, 0.5),
    p99: at(latencies, 0.99),
    answers: latencies.length,
    all,
    fault,
    bytes: at(sizes, 0.5),
  };
}

/** One request by the bare dispatcher: the generator shares the machine with what it measures, and must cost little. */
function send(client: Client, { body, token }: Asked): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    let status = 0;
    const chunks: Buffer[] = [];
    const headers = { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` };
    client.dispatch(
      { method: 'POST', path: '/graphql', headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, code) {
          status = code;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          resolve({ status, text: Buffer.concat(chunks).toString() });
        },
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

serveParent<Load, LoadResult>(run);
