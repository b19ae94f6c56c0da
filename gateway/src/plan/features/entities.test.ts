import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from './federation.examples.ts';

const PERSONS = [
  { id: '1', name: { first: 'Amara', last: 'Otieno' }, village: { code: 'KE-1', county: { code: 'KE' } } },
  { id: '2', name: { first: 'Brian', last: 'Were' }, village: { code: 'KE-2', county: { code: 'KE' } } },
];
const paid = (id: string) => ({ total: Number(id) * 100, currency: 'KES' });

let registries: Federation;
beforeAll(() => {
  const everybody = PERSONS.map((person) => ({ ...person, payments: paid(person.id), weather: `dry in ${person.village.code}` }));
  const head = { ...everybody[1], head: null };
  registries = federation(
    {
      persons: {
        schema: `
          type Query { persons: [Person!]! person(id: ID!): Person rows: [[Person]] gone: Person }
          type Person @key(fields: "id") { id: ID! name: Name! village: Village head: Person }
          type Name { first: String! last: String! }
          type Village @key(fields: "code county { code }") { code: ID! county: County! }
          type County { code: ID! }
        `,
        resolvers: {
          Query: {
            persons: () => PERSONS,
            person: (_: unknown, { id }: { id: string }) => PERSONS.find((p) => p.id === id),
            rows: () => [[PERSONS[0], null], [], null, [PERSONS[1]]],
            gone: () => ({ id: '404', name: { first: 'Gone', last: 'Away' } }),
          },
          Person: {
            __resolveReference: ({ id }: { id: string }) => PERSONS.find((p) => p.id === id) ?? null,
            head: ({ id }: { id: string }) => (id === '1' ? PERSONS[1] : null),
          },
        },
      },
      payments: {
        schema: `
          type Query { payees: [Person!] }
          type Person @key(fields: "id") { id: ID! payments: Payments }
          type Payments { total: Int currency: String }
        `,
        resolvers: {
          Query: { payees: () => [{ id: '2' }, { id: '1' }, { id: '2' }] },
          Person: {
            __resolveReference: ({ id }: { id: string }) => (id === '404' ? null : { id }),
            payments: ({ id }: { id: string }) => paid(id),
          },
        },
      },
      weather: {
        schema: `
          type Village @key(fields: "code county { code }") { code: ID! county: County! @shareable weather: String @inaccessible }
          type County { code: ID! @shareable }
          type Person @key(fields: "id") { id: ID! village: Village @external weather: String @requires(fields: "village { code }") }
        `,
        resolvers: {
          Person: {
            __resolveReference: (key: object) => key,
            weather: ({ village }: { village: { code: string } }) => `dry in ${village.code}`,
          },
        },
      },
    },
    {
      persons: [{ ...everybody[0], head }, head],
      person: ({ id }: { id: string }) => everybody.find((p) => p.id === id) ?? null,
      rows: [[everybody[0], null], [], null, [everybody[1]]],
      payees: [everybody[1], everybody[0], everybody[1]],
      gone: { id: '404', name: { first: 'Gone', last: 'Away' }, payments: null },
    },
  );
});

test.each([
  ['fields of two registries', '{ persons { id name { last } payments { total } } }'],
  ['only fields of the other registry', '{ persons { payments { currency } } }'],
  ['from a list into the registry that knows more', '{ payees { name { first } payments { total } village { code county { code } } } }'],
  [
    'an object below another',
    '{ persons { head { payments { total } name { first } head { id payments { total } } } payments { total } } }',
  ],
  ['lists of lists with holes', '{ rows { id payments { total } } }'],
  ['an object that does not exist', '{ person(id: "3") { payments { total } } }'],
  ['an object that the other registry does not know', '{ gone { name { last } payments { total } } }'],
  ['a key with an object in it', '{ persons { weather village { code } } }'],
  [
    'one field under several names',
    '{ a: person(id: "1") { x: payments { total } y: payments { currency } } b: person(id: "2") { x: payments { total } } }',
  ],
])('entities: %s', async (_, query) => {
  expect(await registries.ours(query)).toEqual(await registries.monolith(query));
});

test('variables reach the registries that use them, with their defaults', async () => {
  const query = 'query ($id: ID! = "2") { person(id: $id) { id payments { total } } }';
  expect(await registries.ours(query)).toEqual(await registries.monolith(query));
  expect(await registries.ours(query, { id: '1' })).toEqual(await registries.monolith(query, { id: '1' }));
});

test('two operations that need the same of a registry send it the same bytes', async () => {
  registries.sent.length = 0;
  await registries.ours('query One { payees { payments { total } name { first } } }');
  await registries.ours('query Two { payees { name { first } payments { total } } }');
  const [first, second] = registries.sent.filter((s) => s.subgraph === 'persons');
  expect(first?.query).toBe(second?.query);
  expect(first?.query).not.toMatch(/One|Two/);
});
