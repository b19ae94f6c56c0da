import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

/** The registry of payments calls its root otherwise; the one of persons leads back to it. */
let payments: Federation;
beforeAll(() => {
  payments = federation(
    {
      persons: {
        schema: 'type Query { back: Query persons: Int }',
        resolvers: { Query: { back: () => ({}), persons: () => 3 } },
      },
      payments: {
        schema: 'schema { query: Payments } type Payments { paid: Int owed: Int }',
        resolvers: { Payments: { paid: () => 7, owed: () => 2 } },
      },
    },
    { back: () => ({ back: {}, paid: 7, owed: 2, persons: 3 }), paid: 7, owed: 2 },
  );
});

test.each([
  ['{ back { paid persons } }', {}],
  ['query ($a: Boolean!) { ... on Query @include(if: $a) { paid } owed }', { a: true }],
  ['query ($a: Boolean!) { back { ... on Query @skip(if: $a) { paid __typename } owed } }', { a: false }],
])('a root type is asked by no name, as a subgraph may call it otherwise: %s', async (query, variables) => {
  payments.sent.length = 0;
  expect(await payments.ours(query, variables)).toEqual(await payments.monolith(query, variables));
  expect(payments.sent.map((call) => call.query).join()).not.toContain('on Query');
});

test('the stock gateway asks by the name that the whole graph has', async () => {
  expect((await payments.stock('{ back { paid } }')).errors).toEqual(['Unknown type "Query".']);
});
