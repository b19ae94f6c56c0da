import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from './federation.examples.ts';

let persons: Federation;
beforeAll(() => {
  const sex = ['F', 'M', 'X'];
  persons = federation(
    {
      registry: {
        schema: `
          type Query { persons(filter: Filter): [Person] count(sex: Sex = F): Int }
          input Filter { sex: Sex of: [Filter!] limit: Int = 3 village: String }
          enum Sex { F M }
          type Person @key(fields: "id") { id: ID! sex: Kind @shareable }
          enum Kind { F M X }
        `,
        resolvers: {
          Query: {
            persons: (_: unknown, { filter }: { filter?: { limit: number } }) =>
              sex.slice(0, filter?.limit ?? 9).map((s, id) => ({ id, sex: s })),
            count: (_: unknown, args: { sex: string }) => sex.filter((s) => s === args.sex).length,
          },
          Person: { __resolveReference: ({ id }: { id: number }) => ({ id, sex: sex[id] }) },
        },
      },
      programs: {
        schema: `
          type Person @key(fields: "id") { id: ID! programs(filter: Filter): [String] sex: Kind @shareable }
          input Filter { sex: Sex of: [Filter!] limit: Int = 3 born: String @inaccessible }
          enum Sex { F M X @inaccessible }
          enum Kind { F M X }
        `,
        resolvers: {
          Person: {
            __resolveReference: (key: object) => key,
            programs: (_: unknown, { filter }: { filter: { limit: number; born?: string } }) =>
              ['A', 'B', 'C', 'D'].slice(0, filter.limit).concat(filter.born ?? []),
          },
        },
      },
    },
    {
      persons: ({ filter }: { filter?: { limit: number } }) =>
        sex.slice(0, filter?.limit ?? 9).map((s, id) => ({
          id: String(id),
          sex: s,
          programs: (a: { filter: { limit: number } }) => ['A', 'B', 'C', 'D'].slice(0, a.filter.limit),
        })),
      count: (args: { sex: string }) => sex.filter((s) => s === args.sex).length,
    },
  );
});

test.each([
  ['an enum that only comes out has all its values', '{ persons { sex } }', {}],
  ['an enum that goes in has the values that all know', '{ count(sex: M) }', {}],
  ['its default is one of them', '{ count }', {}],
  ['as a variable', 'query ($s: Sex) { count(sex: $s) }', { s: 'M' }],
  [
    'input objects have the fields that all know, with their defaults',
    '{ persons(filter: { sex: F }) { programs(filter: { of: [{ limit: 1 }] }) } }',
    {},
  ],
  ['as a variable of two registries', 'query ($f: Filter) { persons(filter: $f) { programs(filter: $f) } }', { f: { limit: 2 } }],
  ['with a variable inside', 'query ($n: Int!) { persons(filter: { limit: $n }) { id programs(filter: { limit: $n }) } }', { n: 1 }],
])('%s', async (_, query, variables) => {
  expect(await persons.ours(query, variables)).toEqual(await persons.monolith(query, variables));
});

test.each(['{ count(sex: X) }', '{ persons(filter: { village: "Ruiru" }) { id } }', '{ persons { programs(filter: { born: "1990" }) } }'])(
  'what one registry alone knows, or nobody may, cannot be sent: %s',
  async (query) => {
    persons.sent.length = 0;
    expect((await persons.ours(query)).errors).toHaveLength(1);
    expect(persons.sent).toEqual([]);
  },
);
