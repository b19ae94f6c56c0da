import { parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { federation } from '../features/federation.examples.ts';
import { withResolvableKeysFirst } from './resolvable-keys.ts';

const PERSONS = new Map([['1', { id: '1', number: 'N-1', name: 'Amara' }]]);

/** The program's registry can find a person by `id`, and only mention one by `number`. */
const registries = () =>
  federation(
    {
      persons: {
        schema: `
          type Person @key(fields: "id") @key(fields: "number") { id: ID! number: ID! name: String! }
        `,
        resolvers: { Person: { __resolveReference: ({ id }: { id: string }) => PERSONS.get(id) } },
      },
      programs: {
        schema: `
          type Query { beneficiary: Person }
          type Person @key(fields: "number", resolvable: false) @key(fields: "id") {
            id: ID! number: ID! name: String! @external greeting: String @requires(fields: "name")
          }
        `,
        resolvers: {
          Query: { beneficiary: () => ({ id: '1', number: 'N-1' }) },
          Person: {
            __resolveReference: (key: { id?: string; name?: string }) => (key.id ? key : null),
            greeting: ({ name }: { name: string }) => `Good morning ${name}`,
          },
        },
      },
    },
    { beneficiary: { ...PERSONS.get('1'), greeting: 'Good morning Amara' } },
  );

test('what is required comes back under a key that the subgraph can resolve', async () => {
  const { ours, monolith } = registries();
  const query = '{ beneficiary { number greeting } }';
  expect(await ours(query)).toEqual(await monolith(query));
});

test('the stock planner comes back under the first key, resolvable or not', async () => {
  const { stock } = registries();
  expect(await stock('{ beneficiary { number greeting } }')).toMatchObject({ data: { beneficiary: { greeting: null } } });
});

const types = (text: string) =>
  print(withResolvableKeysFirst(parse(text)))
    .match(/@join__type\([^)]*\)/g)
    ?.map((d) => d.slice('@join__type'.length));

test('a key that is not resolvable stays where the type has no other in that subgraph', () => {
  expect(types('type Person @join__type(graph: A, key: "id") @join__type(graph: B, key: "number", resolvable: false) { id: ID! }')).toEqual(
    ['(graph: A, key: "id")', '(graph: B, key: "number", resolvable: false)'],
  );
});

test('a key that an interface has too stays, behind those that are resolvable', () => {
  const text = `
    interface Party @join__type(graph: A, key: "number code", resolvable: false) { number: ID! code: ID! }
    type Person implements Party @join__type(graph: A, key: "code number", resolvable: false) @join__type(graph: A, key: "id")
      @join__type(graph: A, key: "tag", resolvable: false) { id: ID! }
  `;
  expect(types(text)).toEqual([
    '(graph: A, key: "number code", resolvable: false)',
    '(graph: A, key: "id")',
    '(graph: A, key: "code number", resolvable: false)',
  ]);
});
