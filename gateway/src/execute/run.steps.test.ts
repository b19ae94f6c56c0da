import { expect, test } from 'vitest';
import type { EntityGroup, Fetch, Step } from '../plan/steps.ts';
import { compileSteps, runPlan } from './run.ts';
import type { Fetched, SubgraphCall } from './types.ts';

const root: Fetch = {
  kind: 'fetch',
  subgraph: 'root',
  operation: 'query',
  text: '{pets{__typename id}}',
  variables: [],
  at: [],
  entities: null,
  output: [],
};

const group = (more: Partial<EntityGroup>): EntityGroup => ({
  variable: 'representations',
  key: '_entities',
  requires: [
    {
      kind: 'fragment',
      types: new Set(['Dog', 'Cat']),
      selections: [
        { kind: 'field', key: '__typename', selections: null },
        { kind: 'field', key: 'id', selections: null },
      ],
    },
  ],
  input: [],
  output: [],
  ...more,
});

const entities = (text: string, groups: EntityGroup[]): Fetch => ({ ...root, subgraph: 'pets', text, at: ['pets', '@'], entities: groups });

/** Runs steps against answers by name of the subgraph, which must not be written to if they are shared. */
async function run(step: Step, answers: Record<string, unknown>): Promise<Fetched & { sent: SubgraphCall[] }> {
  const sent: SubgraphCall[] = [];
  const call = async (c: SubgraphCall) => {
    sent.push(c);
    return answers[c.subgraph] as never;
  };
  return { ...(await runPlan(compileSteps(step), {}, { key: null, call }, new AbortController().signal)), sent };
}

const PETS = () => ({
  data: {
    pets: [
      { __typename: 'Dog', id: 1 },
      { __typename: 'Cat', id: 1 },
      { __typename: 'Fish', id: 1 },
      { __typename: 'Dog', id: '1' },
    ],
  },
});

test('representations differ by type and by kind of value; what no fragment is for is left out', async () => {
  const second = entities('query($representations:[_Any!]!){_entities(representations:$representations){...on Dog{name}}}', [group({})]);
  const { sent, data } = await run(
    { kind: 'sequence', steps: [root, second] },
    {
      root: PETS(),
      pets: { data: { _entities: [{ name: 'Rex' }, { name: 'Tom' }, { name: 'Bo' }] } },
    },
  );
  expect(sent[1]?.variables).toEqual({
    representations: [
      { __typename: 'Dog', id: 1 },
      { __typename: 'Cat', id: 1 },
      { __typename: 'Dog', id: '1' },
    ],
  });
  expect(data).toEqual({
    pets: [
      { __typename: 'Dog', id: 1, name: 'Rex' },
      { __typename: 'Cat', id: 1, name: 'Tom' },
      { __typename: 'Fish', id: 1 },
      { __typename: 'Dog', id: '1', name: 'Bo' },
    ],
  });
});

test('several groups go in one request; each has its own representations, rewrites and errors', async () => {
  const text =
    'query($a:[_Any!]!,$b:[_Any!]!){a:_entities(representations:$a){...on Dog{price__usd:price}}b:_entities(representations:$b){...on Dog{price__eur:price}}}';
  const named = (name: 'a' | 'b', currency: string): EntityGroup =>
    group({
      variable: name,
      key: name,
      input: [{ kind: 'set', path: [], key: 'currency', value: currency }],
      output: [{ kind: 'rename', path: [], key: `price__${currency}`, to: currency }],
    });
  const { sent, data, errors } = await run(
    { kind: 'sequence', steps: [root, entities(text, [named('a', 'usd'), named('b', 'eur')])] },
    {
      root: { data: { pets: [{ __typename: 'Dog', id: 1 }] } },
      pets: { data: { a: [{ price__usd: 10 }], b: [null] }, errors: [{ message: 'no euros', path: ['b', 0, 'price__eur'] }] },
    },
  );
  expect(sent[1]?.variables).toEqual({
    a: [{ __typename: 'Dog', id: 1, currency: 'usd' }],
    b: [{ __typename: 'Dog', id: 1, currency: 'eur' }],
  });
  expect(data).toMatchObject({ pets: [{ id: 1, usd: 10 }] });
  expect(errors).toEqual([{ message: 'no euros', path: ['pets', 0, 'eur'] }]);
});

test('an answer that somebody else holds too is left as it is', async () => {
  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
    return value;
  };
  const second = entities('query($representations:[_Any!]!){_entities(representations:$representations){...on Dog{n:name}}}', [
    group({ output: [{ kind: 'rename', path: [], key: 'n', to: 'name' }] }),
  ]);
  const { data, errors } = await run(
    { kind: 'sequence', steps: [root, second] },
    {
      root: freeze({ ...PETS(), shared: true }),
      pets: freeze({ data: { _entities: [{ n: 'Rex' }, null, { n: 'Bo' }] }, shared: true }),
    },
  );
  expect(errors).toEqual([]);
  expect(data).toMatchObject({ pets: [{ id: 1, name: 'Rex' }, { id: 1 }, {}, { id: '1', name: 'Bo' }] });
});

test('a text that selects from a root type below an object is merged into every object there', async () => {
  const below: Fetch = { ...root, subgraph: 'pets', text: '{shop{town}}', at: ['pets', '@'] };
  const { data, errors } = await run(
    { kind: 'sequence', steps: [root, below] },
    {
      root: { data: { pets: [{ __typename: 'Dog', id: 1 }, null, { __typename: 'Cat', id: 2 }] } },
      pets: { data: { shop: { town: 'Embu' } }, errors: [{ message: 'closed', path: ['shop', 'town'] }] },
    },
  );
  expect(data).toMatchObject({ pets: [{ shop: { town: 'Embu' } }, null, { shop: { town: 'Embu' } }] });
  expect(errors.map((e) => e.path)).toEqual([
    ['pets', 0, 'shop', 'town'],
    ['pets', 2, 'shop', 'town'],
  ]);
});

test('steps side by side do not wait for each other', async () => {
  const order: string[] = [];
  const slow = { ...root, subgraph: 'slow', text: '{slow}' };
  const fast = { ...root, subgraph: 'fast', text: '{fast}' };
  const plan = compileSteps({ kind: 'parallel', steps: [slow, fast] });
  const call = async ({ subgraph }: SubgraphCall) => {
    order.push(`${subgraph} sent`);
    await new Promise((resolve) => setTimeout(resolve, subgraph === 'slow' ? 20 : 0));
    order.push(`${subgraph} answered`);
    return { data: { [subgraph]: 1 } };
  };
  const { data } = await runPlan(plan, {}, { key: null, call }, new AbortController().signal);
  expect(data).toEqual({ slow: 1, fast: 1 });
  expect(order).toEqual(['slow sent', 'fast sent', 'fast answered', 'slow answered']);
});

test('errors come in the order of the plan, whichever answer was first', async () => {
  const slow = { ...root, subgraph: 'slow', text: '{slow}' };
  const fast = { ...root, subgraph: 'fast', text: '{fast}' };
  const call = async ({ subgraph }: SubgraphCall) => {
    await new Promise((resolve) => setTimeout(resolve, subgraph === 'slow' ? 20 : 0));
    return { data: null, errors: [{ message: subgraph }] };
  };
  const plan = compileSteps({ kind: 'parallel', steps: [slow, fast] });
  const { data, errors } = await runPlan(plan, {}, { key: null, call }, new AbortController().signal);
  expect(data).toBe(null);
  expect(errors).toEqual([{ message: 'slow' }, { message: 'fast' }]);
});

test('a call that throws instead of rejecting is a failed call', async () => {
  const call = () => {
    throw new Error('thrown');
  };
  const { errors } = await runPlan(compileSteps(root), {}, { key: null, call }, new AbortController().signal);
  expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
});
