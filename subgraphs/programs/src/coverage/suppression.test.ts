import { describe, expect, it } from 'vitest';
import { isSmall, suppress } from './suppression.ts';

const show = (counts: number[][], hiddenAbove?: boolean[]) => {
  const hidden = suppress(counts, hiddenAbove);
  return counts.map((row, i) => row.map((n, j) => (hidden[i]![j] ? 'x' : String(n))).join(' '));
};

/** A generator whose numbers are the same in each run. */
function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * All values that an attacker who knows the told cells, all sums of rows and columns and that nothing told as held back is zero can give to each
 * held back cell: by trying every table. Sums of columns are known only where `columns` says so.
 */
function possible(counts: number[][], hidden: boolean[][], columns: boolean): Set<number>[][] {
  const values = counts.map((row) => row.map(() => new Set<number>()));
  const left = counts[0]!.map((_, j) => counts.reduce((sum, row, i) => sum + (hidden[i]![j] ? row[j]! : 0), 0));
  const later = counts.map((_, i) => counts[0]!.map((__, j) => hidden.slice(i + 1).filter((h) => h[j]).length));
  const chosen = counts.map((row) => row.map(() => 0));
  const note = () => {
    for (const [i, row] of hidden.entries()) for (const [j, h] of row.entries()) if (h) values[i]![j]!.add(chosen[i]![j]!);
  };
  const place = (i: number, j: number, rowLeft: number): void => {
    if (i === counts.length) {
      if (!columns || left.every((n) => n === 0)) note();
      return;
    }
    if (j === counts[i]!.length) {
      if (rowLeft === 0) place(i + 1, 0, counts[i + 1]?.reduce((s, n, c) => s + (hidden[i + 1]![c] ? n : 0), 0) ?? 0);
      return;
    }
    if (!hidden[i]![j]) {
      place(i, j + 1, rowLeft);
      return;
    }
    const rest = hidden[i]!.slice(j + 1).filter(Boolean).length;
    const most = columns ? Math.min(rowLeft - rest, left[j]! - later[i]![j]!) : rowLeft - rest;
    for (let n = rest === 0 ? rowLeft : 1; n <= most; n++) {
      chosen[i]![j] = n;
      left[j]! -= n;
      place(i, j + 1, rowLeft - n);
      left[j]! += n;
    }
  };
  place(
    0,
    0,
    counts[0]!.reduce((s, n, c) => s + (hidden[0]![c] ? n : 0), 0),
  );
  return values;
}

describe('suppression', () => {
  it('tells all where nothing is small, and zero always', () => {
    expect(
      show([
        [10, 0, 300],
        [0, 11, 12],
      ]),
    ).toEqual(['10 0 300', '0 11 12']);
  });

  it('holds back the smallest large sibling of a lone small count, since the area above tells the sum', () => {
    expect(show([[9, 40, 25, 0]])).toEqual(['x 40 x 0']);
    expect(show([[9, 10, 0]])).toEqual(['x x 0']);
  });

  it('does not take two ones for hidden by each other', () => {
    expect(show([[1, 1, 30, 20]])).toEqual(['x x 30 x']);
  });

  it('holds back whole rectangles where programs could be summed over an area', () => {
    expect(
      show([
        [3, 50, 60],
        [40, 20, 70],
        [80, 90, 30],
      ]),
    ).toEqual(['x x 60', 'x x 70', '80 90 30']);
  });

  it('tells nothing but zeros below a count that is held back', () => {
    expect(
      show(
        [
          [15, 0, 20],
          [30, 12, 40],
        ],
        [true, false],
      ),
    ).toEqual(['x 0 x', '30 12 40']);
  });

  it('leaves every small count ten or more possible values, by trial of all tables with these sums', () => {
    const random = randomly(5);
    let small = 0;
    for (let round = 0; round < 400; round++) {
      const counts = Array.from({ length: 2 + random(2) }, () =>
        Array.from({ length: 2 + random(2) }, () => (random(4) === 0 ? 0 : random(3) === 0 ? 1 + random(9) : 10 + random(16))),
      );
      const width = Math.min(...counts.map((r) => r.length));
      const table = counts.map((r) => r.slice(0, width));
      const hidden = suppress(table);
      const [byRows, byAll] = [possible(table, hidden, false), possible(table, hidden, true)];
      for (const [i, row] of table.entries()) {
        for (const [j, n] of row.entries()) {
          if (!isSmall(n)) continue;
          expect(hidden[i]![j]).toBe(true);
          small++;
          // A row of small counts only has a small sum, or none that can be hidden better than by all of it.
          if (row.some((x, c) => c !== j && x >= 10)) expect(byRows[i]![j]!.size, JSON.stringify(table)).toBeGreaterThanOrEqual(10);
          const cycle = row.some((x, c) => x >= 10 && c !== j && table.some((r, k) => k !== i && r[c]! > 0 && r[j]! >= 10));
          if (cycle) expect(byAll[i]![j]!.size, JSON.stringify(table)).toBeGreaterThanOrEqual(10);
        }
      }
    }
    expect(small).toBeGreaterThan(300);
  });
});
