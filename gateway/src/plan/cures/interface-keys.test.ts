import { expect, test } from 'vitest';
import { federation } from '../features/federation.examples.ts';

const book = { __typename: 'Book', id: 'b', title: 'Rain', label: 'Rain!' };
const film = { __typename: 'Film', id: 'f', title: 'Sun', label: 'Sun!' };
const all = [book, film];

test.each([
  '{ labeled { ... on Book { label } } }',
  '{ labeled { title ... on Book { label } } }',
  '{ labeled { ... on Book { label } ... on Film { title } } }',
  '{ labeled { ... on Book { label } ... on Film { label } } }',
  '{ labeled { label } }',
])('what is computed for an interface is asked for by key: %s', async (query) => {
  const media = federation(
    {
      shop: {
        schema: `
          interface Media @key(fields: "id") { id: ID! title: String }
          type Book implements Media @key(fields: "id") { id: ID! title: String }
          type Film implements Media @key(fields: "id") { id: ID! title: String }
        `,
        resolvers: {
          Media: { __resolveReference: ({ id }: { id: string }) => all.find((m) => m.id === id) },
          Book: { __resolveReference: () => book },
          Film: { __resolveReference: () => film },
        },
      },
      labels: {
        schema: `
          type Query { labeled: [Media] }
          type Media @key(fields: "id") @interfaceObject { id: ID! title: String @external label: String @requires(fields: "title") }
        `,
        resolvers: {
          Query: { labeled: () => all.map(({ id }) => ({ id })) },
          Media: {
            __resolveReference: (key: { id?: string }) => {
              if (key.id === undefined) throw new Error('media are asked for without a key');
              return key;
            },
            label: ({ title }: { title: string }) => `${title}!`,
          },
        },
      },
    },
    { labeled: all },
  );
  expect(await media.ours(query)).toEqual(await media.monolith(query));
  for (const { variables } of media.sent)
    for (const sent of (variables.representations ?? []) as readonly object[]) expect(sent).toHaveProperty('id');
});
