import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { federation } from './features/federation.examples.ts';
import { inTime, OutOfTime } from './in-time.ts';
import { planOperation } from './planner.ts';
import { loadSupergraph, type Planning } from './supergraph.ts';

const endless = () => {
  for (;;);
};

test('work that does not end is stopped', () => {
  expect(() => inTime(20, endless)).toThrow(OutOfTime);
});

test('work is given its time by the CPU that it gets, and not by the clock', () => {
  let begun = 0;
  // Sleeps at first, as a busy machine would let it.
  const work = () => {
    begun += 1;
    if (begun < 3) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15 * begun);
    if (begun < 3) for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return begun;
  };
  expect(inTime(20, work)).toBe(3);
});

test('work that ends gives what it gives, and throws what it throws', () => {
  expect(inTime(1_000, () => 'planned')).toBe('planned');
  expect(inTime(1_000, () => inTime(1_000, () => 'within'))).toBe('within');
  const fault = new Error('none');
  let caught: unknown;
  try {
    inTime(1_000, () => {
      throw fault;
    });
  } catch (error) {
    caught = error;
  }
  expect(caught).toBe(fault);
});

test('a planner that finds no end is stopped, and the operation is refused', () => {
  const { supergraph } = federation({ persons: { schema: 'type Query { a: Int }' } });
  const loaded = loadSupergraph(supergraph);
  const planner = { buildQueryPlan: endless } as unknown as Planning['planner'];
  expect(() => planOperation({ ...loaded, planning: { ...loaded.planning, planner } }, parse('{ a }'))).toThrow(
    'It takes too long to find a way to answer the operation.',
  );
});
