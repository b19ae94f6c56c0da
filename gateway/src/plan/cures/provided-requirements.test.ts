import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

const wanjiru = { id: '2', name: 'Wanjiru', income: 200, score: 100, appeal: 'above 100' };
const amara = { id: '1', name: 'Amara', income: 100, score: 50, appeal: 'above 50', head: wanjiru };

/** Scores can say what the income of a head is, and yet computes a score from the income that it is sent. */
let persons: Federation;
beforeAll(() => {
  const reference = { __resolveReference: (key: object) => key };
  persons = federation(
    {
      persons: {
        schema: 'type Query { person: Person } type Person @key(fields: "id") { id: ID! name: String @shareable income: Int @shareable }',
        resolvers: {
          Query: { person: () => amara },
          Person: { __resolveReference: ({ id }: { id: string }) => (id === '1' ? amara : wanjiru) },
        },
      },
      scores: {
        schema: `
          type Person @key(fields: "id") {
            id: ID! name: String @external income: Int @external
            score: Int @requires(fields: "income")
            head: Person @provides(fields: "name income")
            home: Home @provides(fields: "rooms")
          }
          type Home @key(fields: "id") { id: ID! rooms: Int @external rent: Int @requires(fields: "rooms") }
        `,
        resolvers: {
          Person: {
            ...reference,
            // Nothing says that the income was not sent: it computes with what there is.
            score: ({ income = 0 }: { income?: number }) => income / 2,
            income: ({ id }: { id: string }) => Number(id) * 100,
            head: ({ id }: { id: string }) => (id === '1' ? { id: '2', name: 'Wanjiru' } : null),
            home: () => ({ id: '3', rooms: 3 }),
          },
          Home: { rent: ({ rooms }: { rooms: number }) => rooms * 10 },
        },
      },
      appeals: {
        schema: 'type Person @key(fields: "id") { id: ID! score: Int @external appeal: String @requires(fields: "score") }',
        resolvers: { Person: { ...reference, appeal: ({ score }: { score: number }) => `above ${score}` } },
      },
      homes: { schema: 'type Home { rooms: Int @shareable }' },
    },
    { person: { ...amara, home: { rooms: 3, rent: 30 } } },
  );
});

test.each([
  '{ person { head { score } } }',
  '{ person { head { income score name } } }',
  '{ person { score head { id income } } }',
  '{ person { appeal } }',
  '{ person { head { appeal } } }',
])('a subgraph is sent what its field requires, also where it provides the same itself: %s', async (query) => {
  expect(await persons.ours(query)).toEqual(await persons.monolith(query));
});

test('the stock planner sends nothing there, and the answer is wrong', async () => {
  expect(await persons.stock('{ person { head { score } } }')).toEqual({ data: { person: { head: { score: 0 } } } });
  expect(await persons.stock('{ person { head { appeal } } }')).toEqual({ data: { person: { head: { appeal: 'above 0' } } } });
});

test('what no field requires is still taken from where it is provided', async () => {
  persons.sent.length = 0;
  expect(await persons.ours('{ person { head { name } } }')).toEqual({ data: { person: { head: { name: 'Wanjiru' } } } });
  expect(persons.sent.map((call) => call.subgraph)).toEqual(['persons', 'scores']);
});

test('what cannot be sent, as no key leads to it, is left to the subgraph that provides it', async () => {
  const query = '{ person { home { rooms rent } } }';
  expect(await persons.ours(query)).toEqual(await persons.monolith(query));
});
