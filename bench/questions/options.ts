import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Lengths } from './measure.ts';

/** What the command line asks for. */
export interface Options {
  /** Sizes of the registries, in households of 4.1 persons. */
  readonly households: readonly number[];
  /** Folder of the data of all sizes. */
  readonly data: string;
  readonly lengths: Lengths;
  /** Requests a second of the part that sends them by the clock. */
  readonly rate: number;
  /** The size at which CPU profiles are taken. */
  readonly profiled: number;
}

/** The help text. */
export const HELP = `Usage: npm run bench -- questions [--households 500,25000,250000] [--data FOLDER] [--seconds 4] [--rounds 5] [--rate 200]

Measures VerifyBeneficiary, HouseholdAcrossPrograms and CoverageByCounty in one run.

  --households N,N,...  sizes of the registries, 4.1 persons a household [500,25000,250000]
  --data FOLDER         where the registries are kept, so that a second run need not make them again [commonweal-bench in the system's temporary folder]
  --seconds S           seconds of each run that count [4]; a quarter as many before do not
  --rounds R            rounds of each comparison; the ratio of each pair is printed, and the median [5]
  --rate N              requests a second in the part that sends them by the clock [200]
  --help                this text
`;

/** Reads the command line; null when help is asked for. Throws `RangeError` with a sentence for what is wrong. */
export function readOptions(args: readonly string[]): Options | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { households: text, data: text, seconds: text, rounds: text, rate: text, help: { type: 'boolean' } },
  });
  if (values.help) return null;
  const households = (values.households ?? '500,25000,250000').split(',').map((one) => whole('--households', one, 100));
  const seconds = whole('--seconds', values.seconds ?? '4', 1);
  return {
    households,
    data: path.resolve(values.data ?? path.join(os.tmpdir(), 'commonweal-bench')),
    lengths: { warmup: seconds / 4, seconds, rounds: whole('--rounds', values.rounds ?? '5', 1) },
    rate: whole('--rate', values.rate ?? '200', 1),
    profiled: households.includes(25_000) ? 25_000 : households.at(-1)!,
  };
}

function whole(name: string, given: string, least: number): number {
  const n = Number(given);
  if (!Number.isInteger(n) || n < least) throw new RangeError(`${name} must be a whole number, ${least} or more; it is "${given}".`);
  return n;
}
