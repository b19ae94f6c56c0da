import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { Lru } from '../lru.ts';
import { type ConditionalPlans, prepareOperation } from './prepared.ts';

const OPERATION = parse('query ($a: Boolean!, $b: Boolean!, $c: Boolean!) { x @skip(if: $a) y @skip(if: $b) z @skip(if: $c) }');
const EACH = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => ({ a: (n & 1) > 0, b: (n & 2) > 0, c: (n & 4) > 0 }));

/** An operation, and for which values of its conditions it was planned. */
function prepared(plans: ConditionalPlans) {
  const planned: string[] = [];
  const plan = (conditions: ReadonlyMap<string, boolean>) => {
    planned.push([...conditions].flatMap(([name, value]) => (value ? [name] : [])).join(''));
    return null;
  };
  return { ...prepareOperation(OPERATION, undefined, plan, plans, 100), planned };
}

test('an operation is planned once for each set of values', () => {
  const { planFor, planned } = prepared(new Lru(10_000));
  for (const variables of [...EACH, ...EACH]) planFor(variables);
  expect(planned).toEqual(['', 'a', 'b', 'ab', 'c', 'ac', 'bc', 'abc']);
});

test('two operations do not get plans of each other', () => {
  const plans: ConditionalPlans = new Lru(10_000);
  const [one, other] = [prepared(plans), prepared(plans)];
  for (const { planFor } of [one, other]) planFor({ a: true, b: false, c: false });
  expect([one.planned, other.planned]).toEqual([['a'], ['a']]);
});

test('what is kept has a bound for all operations together, and who asks with ever other values drops no plan that is in use', () => {
  const plans: ConditionalPlans = new Lru(1_000);
  const used = prepared(plans);
  for (const _ of [1, 2]) used.planFor({ a: true, b: true, c: true });
  for (let n = 0; n < 20; n++) for (const { planFor } of [prepared(plans)]) for (const variables of EACH) planFor(variables);
  expect(plans.size).toBeLessThanOrEqual(10);
  used.planFor({ a: true, b: true, c: true });
  expect(used.planned).toEqual(['abc']);
});
