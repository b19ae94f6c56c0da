import { beforeEach, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

/** What was done, in order. */
let done: string[] = [];
const doing = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, () => done.push(name)]));

let made: Federation | undefined;
/** Some writes belong to one registry, some to the other; each gives how many there were. */
const registries = () =>
  (made ??= federation(
    {
      persons: {
        schema: `
          type Query { persons: Int }
          type Mutation { register: Int move(to: Int = 0): Place bury: Int }
          type Place @key(fields: "id") { id: ID! houses: Int }
        `,
        resolvers: { Mutation: { ...doing('register', 'bury'), move: () => ({ id: done.push('move'), houses: 3 }) } },
      },
      payments: {
        schema: `
          type Mutation { pay: Int stop: Int }
          type Place @key(fields: "id") { id: ID! paid: Int }
        `,
        resolvers: { Mutation: doing('pay', 'stop'), Place: { __resolveReference: (key: object) => key, paid: () => 5 } },
      },
    },
    { ...doing('register', 'bury', 'pay', 'stop'), move: () => ({ id: String(done.push('move')), houses: 3, paid: 5 }) },
  ));

beforeEach(() => {
  done = [];
});

const ASKED = [
  ['with fragments between them', 'mutation { ... on Mutation { register } a: bury ... on Mutation { move { id } } }'],
  [
    'in named fragments',
    'mutation { ...A bury ...B pay ...A } fragment A on Mutation { register } fragment B on Mutation { move { id } ...A }',
  ],
  ['in fragments in fragments', 'mutation { ... { ... on Mutation { register } pay } bury ... { stop ... on Mutation { a: register } } }'],
  [
    'under one condition',
    'mutation ($x: Boolean!) { register ... @include(if: $x) { bury } pay ... @include(if: $x) { move { id paid } } stop }',
  ],
  [
    'under two',
    'mutation ($x: Boolean!, $y: Boolean!) { ... @include(if: $x) { register @skip(if: $y) pay } bury @skip(if: $y) ... @include(if: $x) { stop @skip(if: $y) } a: register }',
  ],
  ['twice, the first time under a condition', 'mutation ($x: Boolean!) { move @include(if: $x) { id } register move { houses } pay }'],
  [
    'twice, in parts',
    'mutation ($x: Boolean!) { move { id } pay move { paid @include(if: $x) houses } ... @skip(if: $x) { move { paid } } }',
  ],
  ['all under a condition', 'mutation ($x: Boolean = true) { ... @skip(if: $x) { register pay } bury @skip(if: $x) }'],
  [
    'or not at all',
    'mutation ($x: Boolean!) { register @skip(if: true) ... @include(if: false) { pay } bury @include(if: $x) @skip(if: $x) stop }',
  ],
] as const;

test.each(ASKED)('mutations are done once and in the order in which they stand: %s', async (_, query) => {
  for (const variables of [true, false].flatMap((x) => [true, false].map((y) => (query.includes('$y') ? { x, y } : { x })))) {
    done = [];
    const right = await registries().monolith(query, variables);
    const order = done;
    done = [];
    expect(JSON.stringify(await registries().ours(query, variables))).toBe(JSON.stringify(right));
    expect(done).toEqual(order);
  }
});

test('stock does them in another order, and some twice', async () => {
  await registries().stock(ASKED[0][1]);
  expect(done).toEqual(['register', 'move', 'bury']);
  done = [];
  await registries().stock('mutation ($x: Boolean!) { move { id } pay ... @skip(if: $x) { move { paid } } }', { x: false });
  expect(done).toEqual(['move', 'pay', 'move']);
});

test('a mutation may depend on any number of variables: only what they are is planned for', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `v${i}`);
  const query = `mutation (${names.map((n) => `$${n}: Boolean!`).join()}) { ${names.map((n) => `${n}: pay @include(if: $${n})`).join(' ')} }`;
  const variables = Object.fromEntries(names.map((n, i) => [n, i % 10 === 3]));
  expect(await registries().ours(query, variables)).toEqual({ data: { v3: 1, v13: 2 } });
});

test('where a condition at the root is null nothing is done, and that is an error', async () => {
  const query = 'mutation ($x: Boolean = true) { register pay @include(if: $x) }';
  const { data, errors } = await registries().ours(query, { x: null });
  expect(data ?? null).toBeNull();
  expect(errors).toHaveLength(1);
  expect(done).toEqual([]);
});
