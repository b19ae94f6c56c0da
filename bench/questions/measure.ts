import { bySocket } from '@commonweal/kit';
import { SUBGRAPHS } from '@commonweal/schema';
import type { Hot } from '../profile.ts';
import { type Child, startChild } from './child.ts';
import type { Country } from './country.ts';
import type { Asked } from './keys.ts';
import { secretOf } from './keys.ts';
import type { Load, LoadResult } from './load.ts';
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
  const { data, socketDir } = country;
  const adminUrl = bySocket(country.adminUrl, socketDir);
  const urls = Object.fromEntries(
    SUBGRAPHS.map((name) => {
      const { appUrl, migratorUrl } = country.urls[name];
      return [name, { appUrl: bySocket(appUrl, socketDir), migratorUrl: bySocket(migratorUrl, socketDir) }];
    }),
  ) as Country['urls'];
  const secret = secretOf(country).toString('base64');
  const { url } = await process.ask({ kind: 'start', mode, adminUrl, urls, secret, jwks: data.jwks, sealKey: data.sealKey, isWatched });
  return { mode, url: url!, process };
}

/** How load is put on: by so many connections, or at so many requests a second. */
export type Pace = { readonly connections: number } | { readonly perSecond: number };

/** Runs load against systems. The load generator is a process of its own. */
export interface Bench {
  /** Throws when an answer is not what it should be. */
  run(contender: Contender, requests: readonly Asked[], pace: number | Pace, lengths: Lengths): Promise<Run>;
  profile(contender: Contender, requests: readonly Asked[], connections: number, lengths: Lengths): Promise<Hot>;
  stop(): Promise<void>;
}

/** Starts the load generator. */
export function startBench(): Bench {
  const generator = startChild<Load, LoadResult>('load.ts');
  async function load(
    contender: Contender,
    requests: readonly Asked[],
    given: number | Pace,
    { warmup, seconds }: Lengths,
  ): Promise<LoadResult> {
    const pace = typeof given === 'number' ? { connections: given } : given;
    const [connections, rate] = 'connections' in pace ? [pace.connections, undefined] : [0, pace.perSecond];
    const result = await generator.ask({ url: contender.url, requests, connections, rate, warmup, seconds });
    if (result.fault) throw new Error(`${contender.mode}: ${result.fault}`);
    return result;
  }
  return {
    async run(contender, requests, pace, lengths) {
      const before = await contender.process.ask({ kind: 'cpu' });
      const result = await load(contender, requests, pace, lengths);
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

/** A contender with what it is asked. */
export interface Entrant {
  readonly contender: Contender;
  readonly requests: readonly Asked[];
}

/** Runs of several entrants in turns (A B C A B C ...), by entrant. What disturbs the machine for a while disturbs all of them. */
export async function inTurns(bench: Bench, entrants: readonly Entrant[], connections: number, lengths: Lengths): Promise<Run[][]> {
  const runs: Run[][] = entrants.map(() => []);
  for (let round = 0; round < lengths.rounds; round++) {
    for (const [n, { contender, requests }] of entrants.entries())
      runs[n]!.push(await bench.run(contender, requests, connections, lengths));
  }
  return runs;
}

/** The one in the middle. */
export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Requests per second of `a` over those of `b`, pair by pair. */
export const ratios = (a: readonly Run[], b: readonly Run[]): number[] => a.map((run, n) => run.perSecond / b[n]!.perSecond);
