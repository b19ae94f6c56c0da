import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

const BEN = {
  id: '2',
  income: 200,
  homes: [{ rooms: 3, area: 'Ruiru' }],
  score: 100,
  zone: 'zone of Ruiru',
  size: 3,
  code: 'c-2',
  tag: '<c-2>',
  dollars: 'USD 200',
  euros: 'EUR',
};
const AMARA = {
  id: '1',
  income: 100,
  homes: [],
  score: 50,
  zone: 'zone of nowhere',
  size: 0,
  code: 'c-1',
  tag: '<c-1>',
  dollars: 'USD 100',
  euros: 'EUR',
};

/** What is computed from the income, from parts of the homes, and from what is a key as well. */
let scores: Federation;
beforeAll(() => {
  const find = ({ id, code }: { id?: string; code?: string }) => [AMARA, BEN].find((p) => p.id === id || p.code === code);
  const home = ({ homes: [first] }: { homes: readonly { area?: string; rooms?: number }[] }) => first;
  scores = federation(
    {
      persons: {
        schema: `
          type Query { persons: [Person] }
          type Person @key(fields: "id") @key(fields: "code") { id: ID! code: ID! income: Int homes: [Home] rate(of: String = "KES"): String }
          type Home { rooms: Int area: String }
        `,
        resolvers: {
          Query: { persons: () => [AMARA, BEN].map(({ id, code, income, homes }) => ({ id, code, income, homes })) },
          Person: { __resolveReference: (key: object) => find(key), rate: (_: unknown, { of }: { of: string }) => of },
        },
      },
      scores: {
        schema: `
          type Person @key(fields: "id") {
            id: ID! code: ID! @external income: Int @external homes: [Home] @external
            score: Int @requires(fields: "income") zone: String @requires(fields: "homes { area }") size: Int @requires(fields: "homes { rooms }")
            tag: String @requires(fields: "code") rate(of: String = "KES"): String @external
            dollars: String @requires(fields: "rate(of: \\"USD\\") income") euros: String @requires(fields: "rate(of: \\"EUR\\")")
          }
          type Home @external { rooms: Int area: String }
        `,
        resolvers: {
          Person: {
            __resolveReference: (key: object) => key,
            score: ({ income }: { income: number }) => income / 2,
            zone: (person: { homes: [] }) => `zone of ${home(person)?.area ?? 'nowhere'}`,
            size: (person: { homes: [] }) => home(person)?.rooms ?? 0,
            tag: ({ code }: { code: string }) => `<${code}>`,
            dollars: ({ rate, income }: { rate: string; income: number }) => `${rate} ${income}`,
            euros: ({ rate }: { rate: string }) => rate,
          },
        },
      },
    },
    { persons: [AMARA, BEN] },
  );
});

const EACH = [true, false].flatMap((a) => [true, false].map((b) => ({ a, b })));

test.each([
  '{ persons { score zone @include(if: $a) } }',
  '{ persons { score ... @skip(if: $a) { zone size @skip(if: $b) } } }',
  '{ persons { zone size @include(if: $a) } }',
  '{ persons { zone @skip(if: $a) size @include(if: $a) score @include(if: $b) } }',
  '{ persons { zone @include(if: $a) again: zone @include(if: $b) } }',
  '{ persons { tag @include(if: $a) score } }',
  '{ persons { id tag @include(if: $a) @skip(if: $b) } }',
  '{ persons { euros dollars @include(if: $a) } }',
  '{ persons { euros @skip(if: $a) score dollars @skip(if: $b) } }',
])('what one field requires under a condition is not required of the others: %s', async (selection) => {
  for (const variables of EACH) {
    const query = `query ($a: Boolean!${selection.includes('$b') ? ', $b: Boolean = true' : ''}) ${selection}`;
    expect(await scores.ours(query, variables)).toEqual(await scores.monolith(query, variables));
  }
});

test('fields that need the same are asked for with one call', async () => {
  scores.sent.length = 0;
  await scores.ours('query ($a: Boolean!) { persons { score again: score @include(if: $a) } }', { a: true });
  expect(scores.sent.map((s) => s.subgraph)).toEqual(['persons', 'scores']);
});

test('a field under a condition goes with the others where the condition holds, and is not asked for where it does not', async () => {
  for (const a of [true, false]) {
    scores.sent.length = 0;
    await scores.ours('query ($a: Boolean!) { persons { score zone @include(if: $a) } }', { a });
    expect(scores.sent.map((call) => call.subgraph)).toEqual(['persons', 'scores']);
    expect(scores.sent[1]?.query.includes('zone')).toBe(a);
  }
});

test('the stock planner asks for nothing where the condition does not hold', async () => {
  const query = 'query ($a: Boolean!) { persons { score zone @include(if: $a) } }';
  expect(await scores.stock(query, { a: false })).toEqual({ data: { persons: [{ score: null }, { score: null }] } });
});

test('what is left of a representation without what is required under a condition is a key, or nothing is sent', async () => {
  const film = { __typename: 'Film', id: 'f', title: 'Rain', heard: 1 };
  const media = federation(
    {
      media: {
        schema: `
          type Query { thing: Thing }
          interface Thing { heard: Int }
          interface Media @key(fields: "id") { id: ID! title: String }
          type Book implements Media & Thing @key(fields: "id") { id: ID! title: String heard: Int }
          type Film implements Media & Thing @key(fields: "id") { id: ID! title: String heard: Int }
        `,
        resolvers: { Query: { thing: () => film } },
      },
      labels: {
        schema: `
          type Media @key(fields: "id") @interfaceObject { id: ID! title: String @external shelf: Int note: String @requires(fields: "title") }
        `,
      },
    },
    { thing: film },
  );
  const query = 'query ($a: Boolean!) { thing { heard ... on Book { note @skip(if: $a) shelf } } }';
  expect(await media.ours(query, { a: true })).toEqual(await media.monolith(query, { a: true }));
  expect(media.sent.map((call) => call.subgraph)).toEqual(['media']);
});

test('a condition at a fragment around a computed field, which the planner forgets, is kept', async () => {
  const data = { id: 'b', name: 1, color: 'red' };
  const bees = federation(
    {
      sums: {
        schema: `
          type Query { bee: Bee back: Back }
          type Back { query: Query }
          type Bee @key(fields: "id") {
            id: ID name: Int! @external color: String @external
            sum: String @requires(fields: "name color") gist: String @requires(fields: "color")
          }
        `,
        resolvers: {
          Query: { bee: () => ({ id: 'b' }) },
          Bee: {
            __resolveReference: (key: object) => key,
            sum: ({ name, color }: typeof data) => `${name} ${color}`,
            gist: ({ color }: typeof data) => `gist of ${color}`,
          },
        },
      },
      colors: {
        schema: 'type Query { other: Int } type Bee @key(fields: "id") { id: ID name: Int! color: String }',
        resolvers: { Bee: { __resolveReference: () => data } },
      },
    },
    { bee: { ...data, sum: '1 red', gist: 'gist of red' } },
  );
  const query = 'query ($a: Boolean!) { bee { gist ... @include(if: $a) { sum } } }';
  for (const a of [false, true]) expect(await bees.ours(query, { a })).toEqual(await bees.monolith(query, { a }));
  expect(await bees.stock(query, { a: false })).toEqual({ data: { bee: { gist: null } } });
});
