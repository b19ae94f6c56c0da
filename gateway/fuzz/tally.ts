import type { Verdict } from './verdict.ts';

/** What came of the cases so far. Plain data, so that processes can send it to each other. */
export interface Tally {
  cases: number;
  operations: number;
  supergraphs: number;
  /** Sets of subgraphs that did not compose. */
  discarded: number;
  /** By kind and class of what is not the same everywhere. */
  readonly classes: Record<string, { readonly kind: Verdict['kind']; count: number; readonly examples: number[] }>;
}

export const emptyTally = (): Tally => ({ cases: 0, operations: 0, supergraphs: 0, discarded: 0, classes: {} });

const MOST_EXAMPLES = 3;

/** Counts a case. */
export function count(tally: Tally, verdict: Verdict, number: number): void {
  tally.cases++;
  if (verdict.kind !== 'same') add(tally, `${verdict.kind}: ${verdict.class}`, verdict.kind, 1, [number]);
}

/** Adds what another process counted. */
export function merge(into: Tally, more: Tally): void {
  into.cases += more.cases;
  into.operations += more.operations;
  into.supergraphs += more.supergraphs;
  into.discarded += more.discarded;
  for (const [name, { kind, count: times, examples }] of Object.entries(more.classes)) add(into, name, kind, times, examples);
}

function add(tally: Tally, name: string, kind: Verdict['kind'], times: number, examples: readonly number[]): void {
  const known = tally.classes[name] ?? { kind, count: 0, examples: [] };
  tally.classes[name] = known;
  known.count += times;
  known.examples.push(...examples.slice(0, MOST_EXAMPLES - known.examples.length));
}

/** Cases with a verdict of a kind. */
export const total = (tally: Tally, kind: Verdict['kind']): number =>
  Object.values(tally.classes).reduce((sum, c) => sum + (c.kind === kind ? c.count : 0), 0);

/** The classes with their numbers, and the line that sums everything up. */
export function summary(tally: Tally): string {
  const classes = Object.entries(tally.classes).sort(([, a], [, b]) => b.count - a.count);
  const lines = classes.map(([name, c]) => `${String(c.count).padStart(7)}  ${name}  (case ${c.examples.join(', ')})`);
  const yielded = tally.supergraphs === 0 ? 0 : Math.round((100 * tally.supergraphs) / (tally.supergraphs + tally.discarded));
  lines.push(
    `${tally.cases} cases, ${tally.operations} operations, ${tally.supergraphs} supergraphs (${yielded} % of those made up compose): ` +
      `${total(tally, 'different')} differences, stock wrong ${total(tally, 'stock')}, both wrong ${total(tally, 'both')}, neither can plan ${total(tally, 'none')}, beyond our limits ${total(tally, 'limit')}, other plan ${total(tally, 'plan')}`,
  );
  return lines.join('\n');
}
