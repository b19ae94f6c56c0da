import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { federation } from './features/federation.examples.ts';
import { inTime, isOutOfTime } from './in-time.ts';
import { planOperation } from './planner.ts';
import { loadSupergraph, type Planning } from './supergraph.ts';

test('work that does not end is stopped', () => {
  let error: unknown;
  try {
    inTime(20, () => {
      for (;;);
    });
  } catch (thrown) {
    error = thrown;
  }
  expect(isOutOfTime(error)).toBe(true);
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
  expect(isOutOfTime(fault)).toBe(false);
});

test('a planner that finds no end is stopped, and the operation is refused', () => {
  const { supergraph } = federation({ persons: { schema: 'type Query { a: Int }' } });
  const loaded = loadSupergraph(supergraph);
  const planner = {
    buildQueryPlan() {
      for (;;);
    },
  } as unknown as Planning['planner'];
  const endless = { ...loaded, planning: { ...loaded.planning, planner } };
  expect(() => planOperation(endless, parse('{ a }'))).toThrow('It takes too long to find a way to answer the operation.');
});
