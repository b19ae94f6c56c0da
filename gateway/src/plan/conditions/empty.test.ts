import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

const amara = { name: 'Amara', age: 51, mother: { name: 'Wanjiru', age: 51 } };

let persons: Federation;
beforeAll(() => {
  persons = federation(
    {
      persons: {
        schema:
          'type Query { person: Person persons: [Person] nobody: Person } type Person @key(fields: "name") { name: ID! mother: Person! }',
        resolvers: {
          Query: { person: () => amara, persons: () => [amara, null], nobody: () => null },
          Person: { __resolveReference: (key: object) => key },
        },
      },
      ages: {
        schema: 'type Person @key(fields: "name") { name: ID! age: Int }',
        resolvers: { Person: { __resolveReference: (key: object) => key, age: () => 51 } },
      },
    },
    { person: amara, persons: [amara, null], nobody: null },
  );
});

test.each([
  '{ person @skip(if: $a) { name @include(if: $a) } }',
  '{ persons @skip(if: $a) { name @include(if: $a) age @include(if: $a) } }',
  '{ nobody @include(if: $a) { name @skip(if: $a) } }',
  '{ person @skip(if: $a) { mother { name @include(if: $a) age @include(if: $a) } } }',
  '{ person @skip(if: $a) { name mother @include(if: $a) { name } } }',
  '{ person @skip(if: $a) { ...F mother { ...F } } } fragment F on Person { name @include(if: $a) }',
  '{ person { ... @skip(if: $a) { mother { ...F } } ...F } } fragment F on Person { age @include(if: $a) }',
  '{ person { name @skip(if: true) } kept: person @include(if: $a) { name } }',
])('an object of which nothing can be asked for is there or not: %s', async (selection) => {
  for (const a of [true, false]) {
    const query = `query ($a: Boolean!) ${selection}`;
    expect(await persons.ours(query, { a })).toEqual(await persons.monolith(query, { a }));
  }
});

test.each([
  '{ person @skip(if: $a) { name @include(if: $b) } }',
  '{ persons @include(if: $a) { ... @skip(if: $b) { mother { name } age } } }',
  '{ person @skip(if: $a) { mother @include(if: $b) { age } age @include(if: $b) } }',
  '{ person { mother @include(if: $a) { ...F @skip(if: $b) } age } } fragment F on Person { age name @include(if: $a) }',
])('an object is there or not, whatever is asked of it: %s', async (selection) => {
  for (const variables of [true, false].flatMap((a) => [true, false].map((b) => ({ a, b })))) {
    const query = `query ($a: Boolean!, $b: Boolean!) ${selection}`;
    expect(await persons.ours(query, variables)).toEqual(await persons.monolith(query, variables));
  }
});

test('the stock planner drops it, and it is null', async () => {
  const query = 'query ($a: Boolean!) { person @skip(if: $a) { name @include(if: $a) } }';
  expect(await persons.stock(query, { a: false })).toEqual({ data: { person: null } });
});
