import { parse } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';
import { planOperation } from '../planner.ts';
import type { Fetch, Requirement, Step } from '../steps.ts';
import { loadSupergraph } from '../supergraph.ts';
import { NeededOrder } from './needed-order.ts';
import { placesIn } from './schedule.ts';
import { withRequirementsMet } from './unmet-requirements.ts';

/**
 * The label requires the area, which requires the size of the homes; the subgraph of the labels has the homes, and each subgraph knows persons by a key of its own
 * besides the common one. The way to the label is found, but the area is asked for before anybody asked for the homes.
 */
let labels: Federation;
beforeAll(() => {
  const reference = { __resolveReference: (key: object) => key };
  labels = federation(
    {
      entries: {
        schema: `
          type Query { person: Person }
          type Person @key(fields: "code") @key(fields: "id") {
            code: String id: ID @shareable homes: [Home] @external area: String @requires(fields: "homes { size }")
          }
          type Home @key(fields: "id") { id: ID @shareable size: Int @external }
        `,
        resolvers: {
          Query: { person: () => ({ id: '1', code: 'c1' }) },
          Person: {
            __resolveReference: (key: object) => ({ id: '1', code: 'c1', ...key }),
            area: ({ homes }: { homes: readonly { size: number }[] }) => `area of ${homes.map((h) => h.size).join()}`,
          },
        },
      },
      labels: {
        schema: `
          type Person @key(fields: "number") @key(fields: "id") {
            number: Int id: ID @shareable homes: [Home] area: String @external label: String @requires(fields: "area")
          }
          type Home @key(fields: "id", resolvable: false) { id: ID @shareable }
        `,
        resolvers: {
          Person: {
            __resolveReference: (key: object) => ({ id: '1', number: 7, homes: [{ id: '2' }, { id: '3' }], ...key }),
            label: ({ area }: { area: string }) => `in the ${area}`,
          },
        },
      },
      homes: {
        schema: 'type Home @key(fields: "id") { id: ID @shareable size: Int }',
        resolvers: { Home: { ...reference, size: ({ id }: { id: string }) => Number(id) * 10 } },
      },
    },
    {
      person: {
        id: '1',
        code: 'c1',
        number: 7,
        homes: [
          { id: '2', size: 20 },
          { id: '3', size: 30 },
        ],
        area: 'area of 20,30',
        label: 'in the area of 20,30',
      },
    },
  );
});

test.each([
  ['{ person { label } }', {}],
  ['{ person { code label number homes { size } } }', {}],
  ['query ($a: Boolean!) { person { id label @include(if: $a) } }', { a: true }],
  ['query ($a: Boolean!) { person { id label @include(if: $a) } }', { a: false }],
])('a subgraph is asked when what it is to be sent is there: %s %o', async (query, variables) => {
  expect(await labels.ours(query, variables)).toEqual(await labels.monolith(query, variables));
});

const fetchOf = (subgraph: string, needs: string, brings: string, at = ['person']): Fetch => {
  const requires = [
    { kind: 'fragment', types: new Set(['Person']), selections: [{ kind: 'field', key: needs, selections: null }] },
  ] as const;
  return {
    kind: 'fetch',
    subgraph,
    operation: 'query',
    text: `query($representations:[_Any!]!){_entities(representations:$representations){...on Person{${brings}}}}`,
    variables: [],
    at,
    entities: [{ variable: 'representations', key: '_entities', requires, input: [], output: [] }],
    output: [],
  };
};
const root: Fetch = { ...fetchOf('entries', '', ''), text: '{person{__typename id}}', at: [], entities: null };
const ordered = (...steps: readonly Step[]) => {
  const { planning } = loadSupergraph(labels.supergraph);
  const step = withRequirementsMet({ kind: 'sequence', steps }, planning);
  return step.kind === 'sequence' ? step.steps.map((s) => (s.kind === 'fetch' ? s.text.replace(/.*Person/, '') : s.kind)) : step.kind;
};

test('a fetch is put behind the one that brings its key', () => {
  const steps = [root, fetchOf('entries', 'number', 'code'), fetchOf('labels', 'id', 'number')];
  expect(ordered(...steps)).toEqual(['{person{__typename id}}', '{number}}}', '{code}}}']);
});

test('where a key is brought by nothing, or only to another place or another type, there is no plan', () => {
  const code = fetchOf('entries', 'number', 'code');
  const number = fetchOf('labels', 'id', 'number');
  const message = 'Nothing brings what "entries" requires at "person".';
  expect(() => ordered(root, code)).toThrow(message);
  expect(() => ordered(root, { ...root, text: '{other{number}}' }, code)).toThrow(message);
  expect(() => ordered(root, { ...number, text: number.text.replace('Person', 'Home') }, code)).toThrow(message);
});

test('where two wait for each other there is no plan', () => {
  const steps = [root, fetchOf('entries', 'number', 'code'), fetchOf('labels', 'code', 'number')];
  expect(() => ordered(...steps)).toThrow('Nothing brings what "entries" requires at "person".');
});

test('a mutation is not made before another', () => {
  const first: Fetch = { ...root, operation: 'mutation', text: 'mutation{person{id}}' };
  const second: Fetch = { ...root, operation: 'mutation', text: 'mutation{person{code}}' };
  expect(() => ordered(first, fetchOf('labels', 'code', 'number'), second)).toThrow('Nothing brings what "labels" requires at "person".');
});

test('a plan in order is left as it is', () => {
  const supergraph = loadSupergraph(labels.supergraph);
  const step = planOperation(supergraph, parse('{ person { number code } }'))!;
  expect(new NeededOrder(placesIn(step), supergraph.planning).settle()).toBe(false);
});

describe('what is required of one type among several', () => {
  const leaf = (key: string, selections: readonly Requirement[] | null = null): Requirement => ({ kind: 'field', key, selections });
  const of = (type: string, ...selections: readonly Requirement[]): Requirement => ({
    kind: 'fragment',
    types: new Set([type]),
    selections,
  });
  const requires = [of('Person', leaf('id'), leaf('homes', [of('Home', leaf('size')), of('Tent', leaf('poles'))]))];
  const plain = fetchOf('entries', 'id', 'code');
  const area: Fetch = { ...plain, entities: [{ ...plain.entities![0]!, requires }] };
  const homes: Fetch = { ...root, text: '{person{homes{__typename ...on Home{size}}}}' };
  const tents: Fetch = { ...root, text: '{person{homes{...on Tent{poles}}}}' };

  test('need not be brought where nothing of the type is asked for', () => {
    expect(ordered(root, homes, area)).toHaveLength(3);
  });

  test('is waited for where it is', () => {
    const steps = ordered(root, homes, area, tents);
    expect(steps.at(-1)).toBe('{code}}}');
  });

  test('is no reason to ask without all of it', () => {
    expect(() => ordered(root, area)).toThrow('Nothing brings what "entries" requires at "person".');
  });
});
