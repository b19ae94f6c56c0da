import { beforeEach, expect, test } from 'vitest';
import { type Federation, federation } from './federation.examples.ts';

let log: string[] = [];
const reference = { __resolveReference: (key: object) => key };
const wrote = (text: string) => log.push(text);

let made: Federation | undefined;
const registries = () =>
  (made ??= federation(
    {
      persons: {
        schema: `
          type Query { person: Person }
          type Mutation { register(name: String!): Person fail: Person leave: Boolean! }
          type Person @key(fields: "id") { id: ID! name: String }
        `,
        resolvers: {
          Query: { person: () => ({ id: '1', name: 'Amara' }) },
          Mutation: {
            register: (_: unknown, { name }: { name: string }) => {
              wrote(`persons: ${name}`);
              return { id: name.length, name };
            },
            fail: () => {
              wrote('persons: fail');
              throw new Error('refused');
            },
            leave: () => wrote('persons: leave') > 0,
          },
          Person: reference,
        },
      },
      payments: {
        schema: `
          type Query { paid: Int }
          type Mutation { pay(to: ID!): Payment }
          type Payment { id: ID! to: Person }
          type Person @key(fields: "id") { id: ID! payments: Int }
        `,
        resolvers: {
          Query: { paid: () => 7 },
          Mutation: {
            pay: (_: unknown, { to }: { to: string }) => {
              wrote(`payments: ${to}`);
              return { id: '70', to: { id: to } };
            },
          },
          Person: { ...reference, payments: () => (wrote('payments: read') > 0 ? 2 : null) },
        },
      },
    },
    { person: { id: '1', name: 'Amara', payments: 2 }, paid: 7 },
  ));

beforeEach(() => {
  log = [];
  registries().sent.length = 0;
});

test('mutations are carried out in the order in which they stand, each with what is read of it', async () => {
  const query =
    'mutation { a: register(name: "Amara") { id payments } pay(to: "5") { id to { payments } } b: register(name: "Ken") { name } leave }';
  expect(await registries().ours(query)).toEqual({
    data: { a: { id: '5', payments: 2 }, pay: { id: '70', to: { payments: 2 } }, b: { name: 'Ken' }, leave: true },
  });
  expect(log.filter((l) => !l.endsWith('read'))).toEqual(['persons: Amara', 'payments: 5', 'persons: Ken', 'persons: leave']);
  expect(
    registries()
      .sent.filter((s) => s.operation === 'mutation')
      .map((s) => s.subgraph),
  ).toEqual(['persons', 'payments', 'persons']);
});

test('a mutation that fails does not keep the next from being carried out', async () => {
  expect(await registries().ours('mutation { fail { id } pay(to: "5") { id } leave }')).toEqual({
    data: { fail: null, pay: { id: '70' }, leave: true },
    errors: ['refused'],
  });
  expect(log).toEqual(['persons: fail', 'payments: 5', 'persons: leave']);
});

test('nothing is done where a condition is null', async () => {
  for (const query of [
    'mutation ($v: Boolean = true) { leave @skip(if: $v) }',
    'mutation ($v: Boolean = true) { a: leave ... @include(if: $v) { leave } }',
  ]) {
    const { data, errors } = await registries().ours(query, { v: null });
    expect([data, errors?.length, log]).toEqual([null, 1, []]);
  }
});

test.each([
  ['on a field of another registry', 'query ($v: Boolean!) { person { name payments @include(if: $v) } }', [1, 2]],
  ['on all of a registry', 'query ($v: Boolean!) { person { name } paid @skip(if: $v) }', [2, 1]],
  ['on a fragment', 'query ($v: Boolean!) { person { ... @include(if: $v) { payments } id } }', [1, 2]],
  [
    'on a fragment that is used twice',
    'query ($v: Boolean!) { person { ...P @skip(if: $v) } other: person { ...P } } fragment P on Person { payments }',
    [2, 2],
  ],
  ['twice', 'query ($v: Boolean!, $w: Boolean = false) { person { payments @include(if: $v) @skip(if: $w) name } }', [1, 2]],
  ['both ways', 'query ($v: Boolean!) { person { payments @include(if: $v) name @skip(if: $v) } }', [1, 2]],
  ['that never holds', '{ person { payments @include(if: false) name } paid @skip(if: true) }', [1, 1]],
  [
    'and its contrary',
    'query ($v: Boolean!) { ... @skip(if: $v) { person @include(if: $v) { name } } paid @skip(if: $v) @include(if: $v) }',
    [0, 0],
  ],
  ['on everything', 'query ($v: Boolean!) { person @include(if: $v) { payments } }', [0, 2]],
])('a condition %s', async (_, query, calls) => {
  for (const [index, v] of [false, true].entries()) {
    registries().sent.length = 0;
    expect(await registries().ours(query, { v })).toEqual(await registries().monolith(query, { v }));
    expect([v, registries().sent.length]).toEqual([v, calls[index]]);
  }
});

test.each([
  ['of the root alone', '{ __typename t: __typename }', 0],
  ['of the root in a fragment', '{ ...Q paid } fragment Q on Query { __typename ... on Query { u: __typename } }', 1],
  ['of an object', '{ person { __typename } }', 1],
  ['everywhere', '{ __typename person { __typename payments t: __typename } }', 2],
])('the name of the type %s', async (_, query, calls) => {
  expect(await registries().ours(query)).toEqual(await registries().monolith(query));
  expect(registries().sent).toHaveLength(calls);
});

test('the schema is told beside data', async () => {
  expect(await registries().ours('{ __type(name: "Payment") { fields { name } } paid }')).toEqual({
    data: { __type: { fields: [{ name: 'id' }, { name: 'to' }] }, paid: 7 },
  });
});

test('the schema is told beside data in the order that is asked for, in which nothing that is skipped has a place', async () => {
  const query =
    'query ($v: Boolean!) { paid @skip(if: $v) ...T __type(name: "None") { name } paid ...T } fragment T on Query { t: __typename @skip(if: $v) }';
  for (const v of [true, false]) {
    const answer = await registries().ours(query, { v });
    expect(JSON.stringify(answer)).toBe(JSON.stringify(await registries().monolith(query, { v })));
  }
});
