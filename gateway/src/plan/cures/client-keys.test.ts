import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

let persons: Federation;
beforeAll(() => {
  persons = federation(
    {
      registry: {
        schema: `
          type Query { person: Person }
          type Person @key(fields: "id") { id: ID! name: String village: String friend: Person tags(first: Int): [String] }
        `,
        resolvers: {
          Query: { person: () => ({ id: '1' }) },
          Person: {
            __resolveReference: (key: object) => key,
            name: () => 'Amara',
            village: () => 'Ruiru',
            friend: () => ({ id: '2' }),
            tags: (_: unknown, { first }: { first: number }) => ['a', 'b', 'c'].slice(0, first),
          },
        },
      },
      payments: {
        schema: `
          type Person @key(fields: "id") { id: ID! name: String @external paid: Int payee: String @requires(fields: "name") refuses: String }
        `,
        resolvers: {
          Person: {
            __resolveReference: (key: object) => key,
            paid: ({ id }: { id: string }) => Number(id) * 100,
            payee: ({ name }: { name: string }) => `to ${name}`,
            refuses: () => {
              throw new Error('refused');
            },
          },
        },
      },
    },
    {
      person: {
        ...{
          id: '1',
          name: 'Amara',
          village: 'Ruiru',
          paid: 100,
          payee: 'to Amara',
          tags: ({ first }: { first: number }) => ['a', 'b', 'c'].slice(0, first),
        },
        friend: { id: '2', name: 'Amara', village: 'Ruiru', paid: 200, payee: 'to Amara' },
      },
    },
  );
});

test.each([
  ['of a key', '{ person { id: name paid } }'],
  ['of a key, which is asked for too', '{ person { id: name number: id paid friend { paid id: village } } }'],
  ['of a key, in another subgraph', '{ person { village id: payee } }'],
  ['of a required field', '{ person { name: village payee } }'],
  ['of the type', '{ person { __typename: name paid } }'],
  ['of the type, which is asked for too', '{ person { t: __typename __typename: paid } }'],
  ['that planning moves others to', '{ person { _own_id: village id: name paid } }'],
  ['that the planner moves others to', '{ person { name__alias_0: village ... on Person { name } tags(first: 1) } }'],
])('a field may be given any name: that %s', async (_, query) => {
  expect(await persons.ours(query)).toEqual(await persons.monolith(query));
});

test('the stock planner gives out a key where another field of that name is asked for', async () => {
  expect(await persons.stock('{ person { id: name paid } }')).toEqual({ data: { person: { id: '1', paid: 100 } } });
});

test('an error is told under the name that the client gave', async () => {
  expect(await persons.ours('{ person { friend { id: refuses } } }')).toEqual({
    data: { person: { friend: { id: null } } },
    errors: ['refused'],
  });
});

test('a variable may be named like that of the planner', async () => {
  const query =
    'query ($representations: Boolean!, $representations_1: Boolean!) { person { name paid @include(if: $representations) payee @skip(if: $representations_1) } }';
  const variables = { representations: true, representations_1: true };
  expect(await persons.ours(query, variables)).toEqual(await persons.monolith(query, variables));
  expect(await persons.ours(query, { ...variables, representations: false })).toEqual({ data: { person: { name: 'Amara' } } });
});
