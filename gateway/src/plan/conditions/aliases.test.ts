import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

/** A grant always has an amount, a loan perhaps not, so that the two cannot be asked for under one name. */
let payments: Federation;
beforeAll(() => {
  const all = [
    { __typename: 'Grant', id: '1', amount: 40 },
    { __typename: 'Loan', id: '2', amount: null },
  ];
  payments = federation(
    {
      payments: {
        schema: `
          type Query { payments: [Payment] }
          interface Payment { amount: Int }
          type Grant implements Payment @key(fields: "id") { id: ID! amount: Int! }
          type Loan implements Payment @key(fields: "id") { id: ID! amount: Int }
        `,
        resolvers: { Query: { payments: () => all } },
      },
      names: {
        schema: `
          type Query { first: Given }
          union Given = Grant | Loan
          type Grant @key(fields: "id") { id: ID! }
          type Loan @key(fields: "id") { id: ID! }
        `,
        resolvers: { Query: { first: () => ({ __typename: 'Grant', id: '1' }) } },
      },
    },
    { payments: all, first: all[0] },
  );
});

const NESTED =
  'query ($a: Boolean!, $b: Boolean! = true) { payments { ... on Given @include(if: $b) { ...Sum @include(if: $a) } } } fragment Sum on Payment { amount }';

test.each([
  ['query ($a: Boolean!) { payments { ... on Given { ...Sum @include(if: $a) } } } fragment Sum on Payment { amount }', { a: true }],
  ['query ($a: Boolean!) { payments { ... on Given { ...Sum @include(if: $a) } } } fragment Sum on Payment { amount }', { a: false }],
  [NESTED, { a: true, b: true }],
  [NESTED, { a: true, b: false }],
])(
  'fields of different types are asked for under different names, whatever conditions are around them: %s %o',
  async (query, variables) => {
    expect(await payments.ours(query, variables)).toEqual(await payments.monolith(query, variables));
  },
);

test('the stock gateway asks for them under one name', async () => {
  const { errors } = await payments.stock(NESTED, { a: true });
  expect(errors?.[0]).toMatch(/^Fields "amount" conflict/);
});
