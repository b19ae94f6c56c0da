import { beforeAll, describe, expect, test } from 'vitest';
import { type Federation, federation } from './federation.examples.ts';

const reference = { __resolveReference: (key: object) => key };

describe('what is required of other subgraphs', () => {
  let scores: Federation;
  beforeAll(() => {
    scores = federation(
      {
        persons: {
          schema: `
            type Query { persons: [Person] }
            type Person @key(fields: "id") { id: ID! income: Int rooms: Int }
          `,
          resolvers: {
            Query: { persons: () => [{ id: '1' }, { id: '2' }] },
            Person: {
              ...reference,
              income: ({ id }: { id: string }) => (id === '2' ? null : 40),
              rooms: ({ id }: { id: string }) => Number(id),
            },
          },
        },
        scores: {
          schema: `
            type Person @key(fields: "id") {
              id: ID! income: Int @external rooms: Int @external
              score: Int @requires(fields: "income rooms") appeal: String @requires(fields: "band")
              band: String @external
            }
          `,
          resolvers: {
            Person: {
              ...reference,
              score: ({ income, rooms }: { income: number | null; rooms: number }) => (income ?? 100) * rooms,
              appeal: ({ band }: { band: string }) => `not ${band}`,
            },
          },
        },
        bands: {
          schema: `
            type Person @key(fields: "id") {
              id: ID! score: Int @external rooms: Int @external band: String @requires(fields: "score") roomy: Boolean @requires(fields: "rooms")
            }
          `,
          resolvers: {
            Person: {
              ...reference,
              band: ({ score }: { score: number }) => (score < 100 ? 'POOR' : 'OTHER'),
              roomy: ({ rooms }: { rooms: number }) => rooms > 1,
            },
          },
        },
      },
      {
        persons: [
          { id: '1', income: 40, rooms: 1, score: 40, band: 'POOR', appeal: 'not POOR', roomy: false },
          { id: '2', income: null, rooms: 2, score: 200, band: 'OTHER', appeal: 'not OTHER', roomy: true },
        ],
      },
    );
  });

  test.each([
    ['one', '{ persons { score } }'],
    ['one of what is required itself', '{ persons { band } }'],
    ['three deep, out of and into one subgraph', '{ persons { appeal } }'],
    ['all at once', '{ persons { roomy appeal income band score rooms id } }'],
    ['the same twice', '{ persons { a: band b: band score } }'],
  ])('requires: %s', async (_, query) => {
    expect(await scores.ours(query)).toEqual(await scores.monolith(query));
  });
});

describe('what is required behind an interface', () => {
  let homes: Federation;
  beforeAll(() => {
    const House = { __typename: 'House', id: 'h', roof: 'iron', age: 9 };
    const Tent = { __typename: 'Tent', id: 't', poles: 4, age: 1 };
    homes = federation(
      {
        homes: {
          schema: `
            type Query { persons: [Person] }
            type Person @key(fields: "id") { id: ID! home: Home }
            interface Home { id: ID! age: Int }
            type House implements Home @key(fields: "id") { id: ID! age: Int roof: String }
            type Tent implements Home @key(fields: "id") { id: ID! age: Int poles: Int }
          `,
          resolvers: {
            Query: { persons: () => [{ id: '1' }, { id: '2' }, { id: '3' }] },
            Person: { ...reference, home: ({ id }: { id: string }) => ({ 1: House, 2: Tent })[id] ?? null },
          },
        },
        scores: {
          schema: `
            type Person @key(fields: "id") {
              id: ID! home: Home @external
              shelter: String @requires(fields: "home { age ... on House { roof } ... on Tent { poles } }")
              age: String @requires(fields: "home { __typename age }")
            }
            interface Home { age: Int }
            type House implements Home @key(fields: "id") { id: ID! age: Int @external roof: String @external }
            type Tent implements Home @key(fields: "id") { id: ID! age: Int @external poles: Int @external }
          `,
          resolvers: {
            Person: {
              ...reference,
              shelter: ({ home }: { home: typeof House & typeof Tent }) => home && `${home.age} ${home.roof} ${home.poles}`,
              age: ({ home }: { home: typeof House }) => home && `${home.__typename} ${home.age}`,
            },
          },
        },
      },
      {
        persons: [
          { id: '1', home: House, shelter: '9 iron undefined', age: 'House 9' },
          { id: '2', home: Tent, shelter: '1 undefined 4', age: 'Tent 1' },
          { id: '3', home: null, shelter: null, age: null },
        ],
      },
    );
  });

  test.each(['{ persons { shelter } }', '{ persons { age id } }', '{ persons { home { id ... on Tent { poles } } shelter age } }'])(
    'each kind of object has its own fields: %s',
    async (query) => {
      expect(await homes.ours(query)).toEqual(await homes.monolith(query));
    },
  );
});
