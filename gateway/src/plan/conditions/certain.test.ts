import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

/** Each registry knows persons by other keys, and one leads to the next. The score, in the last of them, requires what the first ones know. */
let scores: Federation;
beforeAll(() => {
  const person = { id: '1', code: 'c1', number: 7, income: 40, rooms: 2, score: 80 };
  const known = { __resolveReference: (key: object) => ({ ...person, ...key }) };
  const scored = ({ income, rooms }: { income?: number; rooms?: number }) => (income ?? Number.NaN) * (rooms ?? Number.NaN);
  scores = federation(
    {
      persons: {
        schema: 'type Query { person: Person } type Person @key(fields: "id") { id: ID! income: Int }',
        resolvers: { Query: { person: () => ({ id: '1', income: 40 }) }, Person: known },
      },
      homes: {
        schema: 'type Person @key(fields: "id") @key(fields: "code") { id: ID! code: String rooms: Int }',
        resolvers: { Person: known },
      },
      codes: {
        schema: 'type Person @key(fields: "code") @key(fields: "number") { code: String number: Int }',
        resolvers: { Person: known },
      },
      scores: {
        schema: `
          type Query { scored: Person }
          type Person @key(fields: "number") {
            number: Int income: Int @external rooms: Int @external score: Int @requires(fields: "income rooms")
          }
        `,
        resolvers: {
          Query: { scored: () => ({ number: 7 }) },
          Person: { __resolveReference: (key: object) => key, score: scored },
        },
      },
    },
    { person, scored: person },
  );
});

const OPTIONAL = 'query ($a: Boolean!) { person { score rooms @include(if: $a) } }';
const IN_FRAGMENT = 'query ($a: Boolean!) { scored { number ... on Person @skip(if: $a) { score } } }';

test.each([
  [OPTIONAL, { a: true }],
  [OPTIONAL, { a: false }],
  ['query ($a: Boolean!) { person { score income ... @include(if: $a) { rooms } } }', { a: false }],
  ['{ person { score } }', {}],
  ['{ person { __typename score } }', {}],
  [IN_FRAGMENT, { a: true }],
  [IN_FRAGMENT, { a: false }],
  ['query ($a: Boolean!) { scored { number score @skip(if: $a) @include(if: $a) } }', { a: false }],
  ['query ($a: Boolean!) { scored { number ... @skip(if: $a) { score @include(if: $a) } } }', { a: true }],
  ['{ scored { number ... on Person { ...Never } } } fragment Never on Person { score @include(if: false) }', {}],
])('a field is asked for when all that it requires is there, whatever else the client asks for: %s %o', async (query, variables) => {
  expect(await scores.ours(query, variables)).toEqual(await scores.monolith(query, variables));
});

test('the stock gateway takes for brought what the client asks for under a condition', async () => {
  expect(await scores.stock(OPTIONAL, { a: false })).toEqual({ data: { person: { score: null } } });
});

test('a fetch has the condition of the fragment that it is for, as has what it requires', async () => {
  const reference = { __resolveReference: (key: object) => key };
  const persons = federation(
    {
      persons: {
        schema: `
          type Query { person: Person office: Office }
          type Office { query: Query }
          type Person @key(fields: "id") { id: ID! income: Int @external rooms: Int @external score: Int @requires(fields: "income rooms") }
        `,
        resolvers: {
          Query: { person: () => ({ id: '1' }) },
          Person: { ...reference, score: ({ income, rooms }: { income: number; rooms: number }) => income * rooms },
        },
      },
      incomes: {
        schema: 'type Person @key(fields: "id") { id: ID! income: Int }',
        resolvers: { Person: { ...reference, income: () => 40 } },
      },
      homes: { schema: 'type Person @key(fields: "id") { id: ID! rooms: Int }', resolvers: { Person: { ...reference, rooms: () => 2 } } },
    },
    { person: { id: '1', score: 80 } },
  );
  const query = 'query ($a: Boolean!) { person { ... on Person @skip(if: $a) { score } } }';
  for (const a of [true, false]) expect(await persons.ours(query, { a })).toEqual(await persons.monolith(query, { a }));
  expect(persons.sent.map((call) => call.subgraph)).toEqual(['persons', 'persons', 'homes', 'incomes', 'persons']);
});
