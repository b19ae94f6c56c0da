/** Counts from one up to, not including, this are held back. */
export const THRESHOLD = 10;

/** Whether a count tells of too few persons. Nobody is nobody: zero is told. */
export const isSmall = (n: number): boolean => n > 0 && n < THRESHOLD;

/**
 * Which cells of a table are held back: the small ones, and those from which a small one could be worked out. `counts` are rows of one program
 * over sibling areas, so that a row's sum is the count of the area above, and a column's sum what all programs have in one area; both are taken
 * as known. `hiddenAbove[i]` says that the sum of row i is itself held back: then all of the row but its zeros is, or the row would tell it.
 *
 * For each small cell a cycle of cells is held back along which nine could be moved without changing any sum: so a held back cell can be
 * anything from its value to nine more, whatever sums are asked for. Of all cycles the one with the smallest loss is taken (the shortest path
 * method for complementary suppression, after Kelly, Golden and Assad). Where the table has no cycle, other programs being absent from the area, the row alone is protected.
 */
export function suppress(counts: readonly (readonly number[])[], hiddenAbove: readonly boolean[] = []): boolean[][] {
  const hidden = counts.map((row, i) => row.map((n) => isSmall(n) || (hiddenAbove[i] === true && n > 0)));
  for (const [i, row] of counts.entries()) {
    if (hiddenAbove[i]) continue;
    for (const [j, n] of row.entries()) {
      if (!isSmall(n)) continue;
      const cycle = cheapestCycle(counts, hidden, i, j) ?? cheapestPartner(row, hidden[i]!, i, j);
      for (const [r, c] of cycle) hidden[r]![c] = true;
    }
  }
  return hidden;
}

type Cell = readonly [row: number, column: number];

/** Cells of one row that keep a small one unknown when only the row's sum is known. */
function cheapestPartner(row: readonly number[], hidden: readonly boolean[], i: number, j: number): Cell[] {
  const large = row.flatMap((n, c) => (c !== j && n >= THRESHOLD ? [c] : []));
  const best = large.find((c) => hidden[c]) ?? large.sort((a, b) => row[a]! - row[b]!)[0];
  return best === undefined ? [] : [[i, best]];
}

/**
 * The cells besides (i, j) of the cycle through it that costs least: a path from column j to row i that goes from a column to a row by a cell that
 * can give nine away, and from a row to a column by any cell that is not zero. Cells held back already cost nothing.
 */
function cheapestCycle(counts: readonly (readonly number[])[], hidden: readonly boolean[][], i: number, j: number): Cell[] | null {
  const rows = counts.length;
  const columns = counts[0]?.length ?? 0;
  const cost = new Array<number>(rows + columns).fill(Number.POSITIVE_INFINITY);
  const cameBy = new Array<Cell | null>(rows + columns).fill(null);
  const from = new Array<number>(rows + columns).fill(-1);
  const settled = new Set<number>();
  cost[rows + j] = 0;
  for (;;) {
    let at = -1;
    for (let n = 0; n < cost.length; n++) if (!settled.has(n) && cost[n]! < (at < 0 ? Number.POSITIVE_INFINITY : cost[at]!)) at = n;
    if (at < 0) return null;
    if (at === i) break;
    settled.add(at);
    const isColumn = at >= rows;
    for (let other = 0; other < (isColumn ? rows : columns); other++) {
      const [r, c] = isColumn ? [other, at - rows] : [at, other];
      const n = counts[r]![c]!;
      if ((r === i && c === j) || n < (isColumn ? THRESHOLD : 1)) continue;
      const next = isColumn ? other : rows + other;
      const total = cost[at]! + (hidden[r]![c] ? 0 : n);
      if (total < cost[next]!) {
        cost[next] = total;
        cameBy[next] = [r, c];
        from[next] = at;
      }
    }
  }
  const cycle: Cell[] = [];
  for (let at = i; at !== rows + j; at = from[at]!) cycle.push(cameBy[at]!);
  return cycle;
}
