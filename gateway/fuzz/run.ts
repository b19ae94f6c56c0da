import { benchFor, CASES_EACH, casesOf, OPERATIONS, type Outcome, type Spoil, VARIANTS } from './case.ts';
import { count, emptyTally, type Tally } from './tally.ts';

/** What was found in the cases of one supergraph. */
export interface Found {
  readonly tally: Tally;
  /** The first case of each class of differences. */
  readonly failures: ReadonlyMap<string, { readonly number: number; readonly outcome: Outcome }>;
}

/** Runs the cases of one supergraph. */
export async function runSupergraph(seed: string, index: number, spoil?: Spoil): Promise<Found> {
  const tally = emptyTally();
  const failures = new Map<string, { number: number; outcome: Outcome }>();
  const { bench, discarded } = await benchFor(seed, index, spoil);
  tally.supergraphs = 1;
  tally.discarded = discarded;
  for (let operation = 0; operation < OPERATIONS; operation++) {
    tally.operations++;
    for await (const { variant, outcome } of casesOf(bench, seed, index, operation)) {
      const number = index * CASES_EACH + operation * VARIANTS + variant;
      count(tally, outcome.verdict, number);
      const { kind, class: name } = outcome.verdict;
      if (kind === 'different' && !failures.has(name)) failures.set(name, { number, outcome });
    }
  }
  await bench.stock.stop();
  return { tally, failures };
}

/** Runs one case, by its number; undefined when there is none of that number. */
export async function runCase(seed: string, number: number): Promise<Outcome | undefined> {
  const index = Math.floor(number / CASES_EACH);
  const operation = Math.floor((number % CASES_EACH) / VARIANTS);
  const { bench } = await benchFor(seed, index);
  for await (const { variant, outcome } of casesOf(bench, seed, index, operation, number % VARIANTS)) {
    if (variant === number % VARIANTS) return outcome;
  }
  return undefined;
}
