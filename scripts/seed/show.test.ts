import { expect, test } from 'vitest';
import { showProgress } from './show.ts';

const half = { phase: 'rows', done: 500, of: 1000, persons: 2000, rows: 28_000, bytes: 6_000_000 } as const;

function shown(isTTY: boolean, times: readonly number[]): string[] {
  const written: string[] = [];
  let at = 0;
  const bar = showProgress({ isTTY, columns: 200, write: (text) => written.push(text) }, () => at);
  for (const time of times) {
    at = time;
    bar.show(half);
  }
  return written;
}

test('a terminal has a bar that is drawn again', () => {
  expect(shown(true, [0, 50, 2000])).toEqual([
    '\r\x1b[K[############............] Households 500 of 1,000, 0 s left',
    '\r\x1b[K[############............] Households 500 of 1,000, 2 s left; 1,000 persons/s, 28,000 rows, 3 MB/s',
  ]);
});

test('a file has a line every five seconds', () => {
  expect(shown(false, [0, 4000, 119_700, 121_000])).toEqual([
    'Households 500 of 1,000, 2 min 0 s left; 17 persons/s, 28,000 rows, 0 MB/s\n',
  ]);
});
