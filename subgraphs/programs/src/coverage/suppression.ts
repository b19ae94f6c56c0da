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
 *
 * Dijkstra's method over the rows alone, because tables have few rows and many columns: a column is passed on to its rows as soon as a shorter way to it is
 * found, and not looked at when the way is no shorter than the shortest to row i.
 */
function cheapestCycle(counts: readonly (readonly number[])[], hidden: readonly boolean[][], i: number, j: number): Cell[] | null {
  const rows = counts.length;
  const columns = counts[0]?.length ?? 0;
  // By row, and by column: the least cost so far, and from which column, or row, that came.
  const costOfRow = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const costOfColumn = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const columnBefore = new Int32Array(rows);
  const rowBefore = new Int32Array(columns);
  const settled = new Uint8Array(rows);
  const reach = (column: number, cost: number): void => {
    costOfColumn[column] = cost;
    for (let r = 0; r < rows; r++) {
      const n = counts[r]![column]!;
      if (n < THRESHOLD || settled[r] === 1 || (r === i && column === j)) continue;
      const total = hidden[r]![column] ? cost : cost + n;
      if (total >= costOfRow[r]!) continue;
      costOfRow[r] = total;
      columnBefore[r] = column;
    }
  };
  reach(j, 0);
  for (let row = nearest(costOfRow, settled); row !== i; row = nearest(costOfRow, settled)) {
    if (row < 0) return null;
    settled[row] = 1;
    const [cells, held, cost] = [counts[row]!, hidden[row]!, costOfRow[row]!];
    for (let c = 0; c < columns; c++) {
      const n = cells[c]!;
      if (n === 0) continue;
      const total = held[c] ? cost : cost + n;
      if (total >= costOfColumn[c]! || total >= costOfRow[i]!) continue;
      rowBefore[c] = row;
      reach(c, total);
    }
  }
  const cycle: Cell[] = [];
  for (let row = i; ; row = rowBefore[columnBefore[row]!]!) {
    const column = columnBefore[row]!;
    cycle.push([row, column]);
    if (column === j) return cycle;
    cycle.push([rowBefore[column]!, column]);
  }
}

/** The first of those at the least cost that can be reached and are not settled; -1 when there is none. */
function nearest(cost: Float64Array, settled: Uint8Array): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < cost.length; n++) {
    if (settled[n] === 1 || cost[n]! >= least) continue;
    best = n;
    least = cost[n]!;
  }
  return best;
}
