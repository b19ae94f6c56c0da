import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

/** The registry of labels knows books and films as one object, and labels them as short as it is told. */
let media: Federation;
beforeAll(() => {
  const label = (id: string) => (args: { max: number }) => `label of ${id}`.slice(0, args.max);
  const all = [
    { __typename: 'Book', id: 'b' },
    { __typename: 'Film', id: 'f' },
  ];
  media = federation(
    {
      media: {
        schema: `
          type Query { media: [Media] }
          interface Media @key(fields: "id") { id: ID! }
          type Book implements Media @key(fields: "id") { id: ID! pages: Int }
          type Film implements Media @key(fields: "id") { id: ID! minutes: Int }
        `,
        resolvers: { Query: { media: () => all } },
      },
      labels: {
        schema: 'type Media @key(fields: "id") @interfaceObject { id: ID! label(max: Int = 9): String other: Media }',
        resolvers: {
          Media: {
            __resolveReference: (key: object) => key,
            label: ({ id }: { id: string }, args: { max: number }) => label(id)(args),
            other: ({ id }: { id: string }) => ({ id: id === 'b' ? 'f' : 'b' }),
          },
        },
      },
    },
    {
      media: all.map((m) => ({ ...m, label: label(m.id), other: { ...all.find((o) => o !== m), label: label(m.id === 'b' ? 'f' : 'b') } })),
    },
  );
});

test.each([
  '{ media { ... on Book { label(max: 2) } ... on Film { label } } }',
  'query ($a: Boolean!) { media { label ... @include(if: $a) { id } other { ...B ... on Film { label } } } } fragment B on Book { label(max: 1) other { id } }',
  '{ media { other { ... on Book { label(max: 2) } ... on Film { other { id } label(max: 3) } } } }',
])('two things of one name are refused: %s', async (query) => {
  media.sent.length = 0;
  const [error] = (await media.ours(query, { a: true })).errors ?? [];
  expect(error).toBe('Two things are asked of a Media under the name "label": one of them needs an alias.');
  expect(media.sent).toEqual([]);
});

test.each([
  '{ media { ... on Book { label(max: 2) } ... on Film { full: label } } }',
  '{ media { ... on Book { label(max: 2) } ... on Film { label(max: 2) } } }',
  '{ media { ... on Book { x: pages } ... on Film { x: minutes label(max: 2) } } }',
  '{ media { ... on Book { other { label } } ... on Film { other { short: label(max: 2) } } } }',
])('and of two names, or the same thing, are not: %s', async (query) => {
  expect(await media.ours(query)).toEqual(await media.monolith(query));
});

test('the stock gateway takes one for both', async () => {
  const { data } = await media.stock('{ media { ... on Book { label(max: 2) } ... on Film { label } } }');
  expect(data).toEqual({ media: [{ label: 'la' }, { label: 'la' }] });
});
