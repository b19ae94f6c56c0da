import { expect, test } from 'vitest';
import type { Fetch, Step } from '../plan/steps.ts';
import { compileSteps, runPlan } from './run.ts';
import type { SubgraphCall } from './types.ts';

const root: Fetch = {
  kind: 'fetch',
  subgraph: 'root',
  operation: 'query',
  text: '{mine{__typename id} yours{__typename id}}',
  variables: [],
  at: [],
  entities: null,
  output: [],
};

const pets = (at: string): Fetch => ({
  ...root,
  subgraph: 'pets',
  text: 'query($representations:[_Any!]!){_entities(representations:$representations){...on Pet{name home{__typename id}}}}',
  at: [at, '@'],
  entities: [
    {
      variable: 'representations',
      key: '_entities',
      requires: [
        {
          kind: 'fragment',
          types: new Set(['Pet']),
          selections: [
            { kind: 'field', key: '__typename', selections: null },
            { kind: 'field', key: 'id', selections: null },
          ],
        },
      ],
      input: [],
      output: [],
    },
  ],
});

const PLAN: Step = {
  kind: 'sequence',
  steps: [root, { kind: 'parallel', steps: [pets('mine'), pets('yours')] }],
};
const pet = (id: number) => ({ __typename: 'Pet', id });

async function run(reply: (representations: { id: number }[]) => unknown) {
  const sent: SubgraphCall[] = [];
  const call = async (c: SubgraphCall) => {
    sent.push(c);
    if (c.subgraph === 'root') return { data: { mine: [pet(1), pet(2)], yours: [pet(2), pet(3), pet(2)] } };
    return reply(c.variables.representations as { id: number }[]) as never;
  };
  const fetched = await runPlan(compileSteps(PLAN), {}, { key: null, call }, new AbortController().signal);
  return { ...fetched, sent };
}

test('what is asked of entities at two places at the same moment goes in one call', async () => {
  const { data, errors, sent } = await run((all) => ({ data: { _entities: all.map(({ id }) => ({ name: `pet ${id}` })) } }));
  const named = (id: number) => ({ ...pet(id), name: `pet ${id}` });
  expect(errors).toEqual([]);
  expect(data).toEqual({ mine: [named(1), named(2)], yours: [named(2), named(3), named(2)] });
  expect(sent).toHaveLength(2);
  expect(sent[1]?.variables.representations).toEqual([pet(1), pet(2), pet(3)]);
});

test('an error is told wherever its entity stands, at each of the places', async () => {
  const { errors } = await run((all) => ({
    data: { _entities: all.map(() => null) },
    errors: [{ message: 'two', path: ['_entities', 1, 'name'] }, { message: 'three', path: ['_entities', 2] }, { message: 'all' }],
  }));
  expect(errors).toEqual([
    { message: 'two', path: ['mine', 1, 'name'] },
    { message: 'all', path: ['mine'] },
    { message: 'two', path: ['mine', 1, 'home'] },
    { message: 'two', path: ['yours', 0, 'name'] },
    { message: 'two', path: ['yours', 2, 'name'] },
    { message: 'three', path: ['yours', 1] },
    { message: 'all', path: ['yours'] },
    { message: 'two', path: ['yours', 0, 'home'] },
    { message: 'two', path: ['yours', 2, 'home'] },
  ]);
});

test.each([
  ['of the wrong length, though right for one of the places', { data: { _entities: [{ name: 'a' }, { name: 'b' }] } }],
  ['that is none', { data: { _entities: 'x' } }],
  ['without entities', { data: {} }],
  ['of nothing', null],
])('an answer %s is an error at each of the places', async (_, reply) => {
  const { data, errors } = await run(() => reply);
  expect(data).toEqual({ mine: [pet(1), pet(2)], yours: [pet(2), pet(3), pet(2)] });
  expect(errors.map((e) => [e.path, e.extensions?.code])).toEqual([
    [['mine'], 'SUBGRAPH_INVALID'],
    [['yours'], 'SUBGRAPH_INVALID'],
  ]);
});

test('a call that fails, fails for each of the places', async () => {
  const { errors } = await run(() => {
    throw new Error('down');
  });
  expect(errors.map((e) => [e.path, e.extensions?.code])).toEqual([
    [['mine'], 'SUBGRAPH_UNAVAILABLE'],
    [['yours'], 'SUBGRAPH_UNAVAILABLE'],
  ]);
});
