import { expect, test } from 'vitest';
import { Grouped } from './grouped.ts';

/** Groups numbers; each group is done when the test says so. */
function counting() {
  const begun: { readonly group: readonly number[]; done(): void; refused(code: string): void }[] = [];
  const grouped = new Grouped<number, string>({
    fits: () => () => true,
    serve: (group) =>
      new Promise((resolve, reject) => {
        begun.push({
          group,
          done: () => resolve(group.map((n) => `${n} done`)),
          refused: (code) => reject(Object.assign(new Error('refused'), { code })),
        });
      }),
  });
  return { begun, add: (n: number) => grouped.add(n), groups: () => begun.map(({ group }) => group) };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('who comes alone is served at once; who comes meanwhile goes with the next group', async () => {
  const { begun, add, groups } = counting();
  const first = add(1);
  const others = [add(2), add(3), add(4)];
  expect(groups()).toEqual([[1]]);
  begun[0]!.done();
  expect(await first).toBe('1 done');
  await pause(0);
  expect(groups()).toEqual([[1], [2, 3, 4]]);
  begun[1]!.done();
  expect(await Promise.all(others)).toEqual(['2 done', '3 done', '4 done']);
});

test('a group that takes long holds up nobody: the others go beside it, in four groups at the most', async () => {
  const { begun, add, groups } = counting();
  const slow = add(1);
  const others: Promise<string>[] = [];
  for (const n of [2, 3, 4, 5]) {
    others.push(add(n));
    await pause(30);
  }
  expect(groups()).toEqual([[1], [2], [3], [4]]);
  begun[1]!.done();
  expect(await others[0]).toBe('2 done');
  await pause(30);
  expect(groups()).toEqual([[1], [2], [3], [4], [5]]);
  for (const group of begun) group.done();
  expect(await Promise.all([slow, ...others])).toHaveLength(5);
});

test('a value that the database refuses fails nobody else; any other fault fails all of its group', async () => {
  const { begun, add, groups } = counting();
  const first = add(1);
  const [good, bad] = [add(2), add(3)];
  begun[0]!.done();
  await first;
  await pause(0);
  begun[1]!.refused('22P02');
  await pause(0);
  expect(groups().slice(2)).toEqual([[2]]);
  begun[2]!.done();
  expect(await good).toBe('2 done');
  const told = bad.catch((error: { code: string }) => error.code);
  await pause(0);
  begun[3]!.refused('22P02');
  expect(await told).toBe('22P02');
  await pause(0);
  const [one, two, three] = [add(4), add(5), add(6)];
  begun[4]!.done();
  await one;
  await pause(0);
  const failing = Promise.all([two, three].map((failed) => failed.catch((error: { code: string }) => error.code)));
  begun[5]!.refused('57P01');
  expect(await failing).toEqual(['57P01', '57P01']);
});
