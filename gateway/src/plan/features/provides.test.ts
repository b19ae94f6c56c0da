import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from './federation.examples.ts';

let registries: Federation;
beforeAll(() => {
  const area = { code: 'KE-1', name: 'Ruiru', county: { code: 'KE', name: 'Kiambu' } };
  const person = { __typename: 'Person', id: '1', name: 'Amara', area };
  const school = { __typename: 'School', id: '7', name: 'Ruiru Primary' };
  registries = federation(
    {
      programs: {
        schema: `
          type Query { enrolled: [Person] @provides(fields: "name area { name county { name } }") everybody: [Person]
            payees: [Payee] @provides(fields: "... on Person { name } ... on School { name }") named: [Named] @provides(fields: "... on School { name }") }
          interface Named { id: ID! }
          union Payee = Person | School
          type Person implements Named @key(fields: "id") { id: ID! name: String @external area: Area @external }
          type School implements Named @key(fields: "id") { id: ID! name: String @external }
          type Area @key(fields: "code") { code: ID! name: String @external county: County @external }
          type County @key(fields: "code") { code: ID! name: String @external }
        `,
        resolvers: {
          // Where it does not provide the name, it does not know it.
          Query: {
            enrolled: () => [person],
            everybody: () => [{ id: '1' }],
            payees: () => [person, school],
            named: () => [school, { __typename: 'Person', id: '1' }],
          },
        },
      },
      persons: {
        schema: `
          type Person @key(fields: "id") { id: ID! name: String @shareable area: Area @shareable }
          type School @key(fields: "id") { id: ID! name: String @shareable pupils: Int }
          type Area @key(fields: "code") { code: ID! name: String @shareable county: County @shareable }
          type County @key(fields: "code") { code: ID! name: String @shareable seat: String }
        `,
        resolvers: {
          Person: { __resolveReference: () => person },
          School: { __resolveReference: () => ({ ...school, pupils: 300 }) },
          Area: { __resolveReference: () => area },
          County: { __resolveReference: () => ({ ...area.county, seat: 'Kiambu' }) },
        },
      },
    },
    {
      enrolled: [{ ...person, area: { ...area, county: { ...area.county, seat: 'Kiambu' } } }],
      everybody: [person],
      payees: [person, { ...school, pupils: 300 }],
      named: [school, person],
    },
  );
});

test.each([
  ['what is provided at a place is taken from there', '{ enrolled { name area { name county { name } } } }', 1],
  ['at another place it is not', '{ everybody { name } }', 2],
  ['beside it other registries are asked', '{ enrolled { name area { name county { name seat } } } }', 2],
  ['behind a union', '{ payees { ... on Person { name } ... on School { name } } }', 1],
  ['behind a union, and more', '{ payees { __typename ... on Person { name } ... on School { pupils } } }', 2],
  ['behind an interface', '{ named { id ... on School { name } } }', 1],
  [
    'behind an interface, where one of its objects is not provided',
    '{ named { __typename ... on School { name } ... on Person { name } } }',
    2,
  ],
])('provides: %s', async (_, query, calls) => {
  registries.sent.length = 0;
  expect(await registries.ours(query)).toEqual(await registries.monolith(query));
  expect(registries.sent).toHaveLength(calls);
});
