/**
 * The load generator, a process of its own: a closed loop, in which each connection sends its next request when it has the answer of the one before, or an open one,
 * in which requests are sent by the clock. Started by `child.ts`; each message is one run.
 */
import { faultIn, inClosedLoop, percentiles, post } from '../load.ts';
import { serveParent } from './child.ts';
import type { Asked } from './keys.ts';
import { byTheClock } from './rate.ts';

/** One run: where to, how many connections, how long. */
export interface Load {
  readonly url: string;
  readonly requests: readonly Asked[];
  readonly connections: number;
  /** Requests a second of an open loop; left out: a closed one. */
  readonly rate?: number | undefined;
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
  /** The longest but one of a hundred delays of the generator itself; 0 in a closed loop. */
  readonly late: number;
}

// Goes on from run to run: neighbors in time ask for different people.
let next = 0;

async function run(load: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const sizes: number[] = [];
  const delays: number[] = [];
  let fault: string | null = null;
  let all = 0;
  const begin = performance.now() + load.warmup * 1000;
  const end = begin + load.seconds * 1000;
  const asked = () => load.requests[next++ % load.requests.length]!;
  if (load.rate !== undefined) {
    await byTheClock(load.url, load.rate, load.warmup + load.seconds, asked, ({ latency, late, answer }) => {
      all += 1;
      fault ??= faultIn(answer);
      // By the moment at which it was to be sent: a late answer counts as one of then.
      if (performance.now() - latency < begin) return;
      latencies.push(latency);
      sizes.push(answer.bytes);
      delays.push(late);
    });
  } else
    await inClosedLoop(load.url, load.connections, (client) => {
      const sent = performance.now();
      if (fault !== null || sent >= end) return null;
      const { body, token } = asked();
      return post(client, body, token).then((answer) => {
        const now = performance.now();
        all += 1;
        fault ??= faultIn(answer);
        if (now < begin || now > end) return;
        latencies.push(now - sent);
        sizes.push(answer.bytes);
      });
    });
  const latency = percentiles(latencies);
  return {
    perSecond: latencies.length / load.seconds,
    p50: latency(0.5),
    p99: latency(0.99),
    answers: latencies.length,
    all,
    fault,
    bytes: percentiles(sizes)(0.5),
    late: percentiles(delays)(0.99),
  };
}

serveParent<Load, LoadResult>(run);
