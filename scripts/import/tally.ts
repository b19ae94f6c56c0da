/** What is counted for each kind of row. */
export interface Tally {
  /** Rows of files that are about it (for numbers and places of persons: those that are told). */
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
  /** Rows rightly left out, by reason. */
  readonly passedOver: Record<string, number>;
}

/** Kinds of rows that are counted, in the order in which they are shown. */
export const TALLIED = ['areas', 'households', 'persons', 'identifiers', 'memberships', 'programs', 'enrollments'] as const;
/** A kind of row that is counted. */
export type Tallied = (typeof TALLIED)[number];
/** Counts of an import. */
export type Tallies = Record<Tallied, Tally>;

/** Counts that begin at nothing. */
export const noTallies = (): Tallies =>
  Object.fromEntries(
    TALLIED.map((name) => [name, { rows: 0, created: 0, updated: 0, unchanged: 0, refused: 0, passedOver: {} }]),
  ) as unknown as Tallies;

/** The counts as a table to read, without kinds of which there was nothing. */
export function tallyTable(tallies: Tallies): string {
  const head = ['', 'rows', 'created', 'updated', 'unchanged', 'refused', 'passed over'];
  const lines = TALLIED.filter((name) => tallies[name].rows > 0).map((name) => {
    const { rows, created, updated, unchanged, refused, passedOver } = tallies[name];
    const reasons = Object.entries(passedOver).map(([reason, count]) => `${count} ${reason}`);
    return [name, ...[rows, created, updated, unchanged, refused].map(String), reasons.join(', ') || '0'];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]!.length)));
  return [head, ...lines]
    .map((line) =>
      line
        .map((text, i) => (i === 0 || i === 6 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
