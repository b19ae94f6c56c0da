import { beforeAll, describe, expect, test } from 'vitest';
import { type Federation, federation } from './federation.examples.ts';

describe('what several subgraphs have', () => {
  let offices: Federation;
  beforeAll(() => {
    offices = federation(
      {
        names: {
          schema: `
            type Query { office: Office @shareable }
            type Office { id: ID! @shareable name: String place: Place @shareable }
            type Place { county: String @shareable road: String }
          `,
          resolvers: { Query: { office: () => ({ id: '1', name: 'Ruiru', place: { county: 'Kiambu', road: 'Kamiti Road' } }) } },
        },
        hours: {
          schema: `
            type Query { office: Office @shareable }
            type Office { id: ID! @shareable hours: String place: Place @shareable }
            type Place { county: String @shareable floor: Int }
          `,
          resolvers: { Query: { office: () => ({ id: '1', hours: '8-5', place: { county: 'Kiambu', floor: 0 } }) } },
        },
      },
      { office: { id: '1', name: 'Ruiru', hours: '8-5', place: { county: 'Kiambu', road: 'Kamiti Road', floor: 0 } } },
    );
  });

  test.each([
    ['fields that all have come from one', '{ office { id place { county } } }', 1],
    ['fields of one come from it', '{ office { hours id } }', 1],
    ['a root field is asked of each, though there is no key', '{ office { hours name } }', 2],
    ['and so on below it', '{ office { place { road county floor } name } }', 2],
  ])('%s', async (_, query, calls) => {
    offices.sent.length = 0;
    expect(await offices.ours(query)).toEqual(await offices.monolith(query));
    expect(offices.sent).toHaveLength(calls);
  });
});

describe('what moved from one subgraph to another', () => {
  let moved: Federation;
  beforeAll(() => {
    const old = () => {
      throw new Error('it moved');
    };
    moved = federation(
      {
        before: {
          schema: `
            type Query { persons: [Person] }
            type Person @key(fields: "id") { id: ID! address: String income: Int poor: Boolean @requires(fields: "size") size: Int @external }
          `,
          resolvers: {
            Query: { persons: () => [{ id: '1' }] },
            Person: {
              __resolveReference: (key: object) => key,
              address: old,
              income: () => 40,
              poor: ({ size }: { size: number }) => size > 3,
            },
          },
        },
        after: {
          schema: `
            type Person @key(fields: "id") {
              id: ID! address: String @override(from: "before") size: Int income: Int @external
              label: String @override(from: "never was") @requires(fields: "income")
            }
          `,
          resolvers: {
            Person: {
              __resolveReference: (key: object) => key,
              address: () => 'Kamiti Road',
              size: () => 5,
              label: ({ income }: { income: number }) => `earns ${income}`,
            },
          },
        },
      },
      { persons: [{ id: '1', address: 'Kamiti Road', income: 40, size: 5, poor: true, label: 'earns 40' }] },
    );
  });

  test.each(['{ persons { address } }', '{ persons { poor label } }', '{ persons { id address income size } }'])(
    'is asked where it is now: %s',
    async (query) => {
      expect(await moved.ours(query)).toEqual(await moved.monolith(query));
    },
  );
});

describe('subgraphs of the first federation', () => {
  let old: Federation;
  beforeAll(() => {
    old = federation(
      {
        persons: {
          schema: `
            type Query { person: Person agent: Agent }
            type Person @key(fields: "id") { id: ID! name: String }
            type Agent @key(fields: "id") { id: ID! name: String }
          `,
          isFederation1: true,
          resolvers: {
            Query: { person: () => ({ id: '1', name: 'Amara' }), agent: () => ({ id: '9', name: 'Ken' }) },
            Person: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Amara' }) },
          },
        },
        payments: {
          schema: `
            extend type Query { payee: Person @provides(fields: "name") }
            extend type Person @key(fields: "id") { id: ID! @external name: String @external paid: Int greeting: String @requires(fields: "name") }
            type Agent @extends @key(fields: "id") { id: ID! @external visits: Int }
          `,
          isFederation1: true,
          resolvers: {
            Query: { payee: () => ({ id: '1', name: 'Amara' }) },
            Person: {
              __resolveReference: (key: object) => key,
              paid: () => 100,
              greeting: ({ name }: { name: string }) => `Good morning ${name}`,
            },
            Agent: { __resolveReference: (key: object) => key, visits: () => 3 },
          },
        },
      },
      {
        person: { id: '1', name: 'Amara', paid: 100, greeting: 'Good morning Amara' },
        payee: { id: '1', name: 'Amara', paid: 100, greeting: 'Good morning Amara' },
        agent: { id: '9', name: 'Ken', visits: 3 },
      },
    );
  });

  test.each(['{ person { name paid greeting } }', '{ payee { id name paid } }', '{ payee { greeting } agent { visits name } }'])(
    'extend each other: %s',
    async (query) => {
      expect(await old.ours(query)).toEqual(await old.monolith(query));
    },
  );
});
