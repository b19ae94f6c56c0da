import { type Child, startChild } from './child.ts';
import type { Country } from './country.ts';
import type { Asked } from './keys.ts';
import { secretOf } from './keys.ts';
import type { Load, LoadResult } from './load.ts';
import type { Hot } from './profile.ts';
import type { Mode, ServeQuestion, ServeReply } from './serve.ts';

/** A system that is measured. */
export interface Contender {
  readonly mode: Mode;
  readonly url: string;
  readonly process: Child<ServeQuestion, ServeReply>;
}

/** How long a run takes, in seconds. */
export interface Lengths {
  readonly warmup: number;
  readonly seconds: number;
  /** Rounds of each comparison: in each, all contenders run once, one after the other. */
  readonly rounds: number;
}

/** One run of one contender. */
export interface Run extends LoadResult {
  /** CPU milliseconds of the contender's process for one answer, PostgreSQL's not counted. */
  readonly cpuMs: number;
}

/** Starts a system in a process of its own. */
export async function startContender(country: Country, mode: Mode, isWatched = false): Promise<Contender> {
  const process = startChild<ServeQuestion, ServeReply>('serve.ts');
  const { urls, adminUrl, data } = country;
  const secret = secretOf(country).toString('base64');
  const { url } = await process.ask({ kind: 'start', mode, adminUrl, urls, secret, jwks: data.jwks, sealKey: data.sealKey, isWatched });
  return { mode, url: url!, process };
}

/** Runs load against systems. The load generator is a process of its own. */
export interface Bench {
  /** Throws when an answer is not what it should be. */
  run(contender: Contender, requests: readonly Asked[], connections: number, lengths: Lengths): Promise<Run>;
  profile(contender: Contender, requests: readonly Asked[], connections: number, lengths: Lengths): Promise<Hot>;
  stop(): Promise<void>;
}

/** Starts the load generator. */
export function startBench(): Bench {
  const generator = startChild<Load, LoadResult>('load.ts');
  async function load(
    contender: Contender,
    requests: readonly Asked[],
    connections: number,
    { warmup, seconds }: Lengths,
  ): Promise<LoadResult> {
    const result = await generator.ask({ url: contender.url, requests, connections, warmup, seconds });
    if (result.fault) throw new Error(`${contender.mode}: ${result.fault}`);
    return result;
  }
  return {
    async run(contender, requests, connections, lengths) {
      const before = await contender.process.ask({ kind: 'cpu' });
      const result = await load(contender, requests, connections, lengths);
      const after = await contender.process.ask({ kind: 'cpu' });
      return { ...result, cpuMs: ((after.cpu! - before.cpu!) * 1000) / result.all };
    },
    async profile(contender, requests, connections, lengths) {
      await contender.process.ask({ kind: 'profile' });
      await load(contender, requests, connections, lengths);
      return (await contender.process.ask({ kind: 'profiled' })).hot!;
    },
    stop: () => generator.stop(),
  };
}

/** Runs of several contenders in turns (A B C A B C ...), by contender. What disturbs the machine for a while disturbs all of them. */
export async function inTurns(
  bench: Bench,
  contenders: readonly Contender[],
  requests: readonly Asked[],
  connections: number,
  lengths: Lengths,
): Promise<Run[][]> {
  const runs: Run[][] = contenders.map(() => []);
  for (let round = 0; round < lengths.rounds; round++) {
    for (const [n, contender] of contenders.entries()) runs[n]!.push(await bench.run(contender, requests, connections, lengths));
  }
  return runs;
}

/** The one in the middle. */
export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Requests per second of `a` over those of `b`, pair by pair. */
export const ratios = (a: readonly Run[], b: readonly Run[]): number[] => a.map((run, n) => run.perSecond / b[n]!.perSecond);
