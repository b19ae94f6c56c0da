import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

const book = { __typename: 'Book', id: 'b', title: 'Rain', year: 1990, label: 'Rain!', age: 36, pages: 3 };
const film = { __typename: 'Film', id: 'f', title: 'Sun', year: 2000, label: 'Sun!', age: 26, pages: 4 };
const all = [book, film];

/** The labels know media as such: what they tell of books only they are asked of films too, if it is in one call with what they tell of all. */
let media: Federation;
beforeAll(() => {
  const kin = [
    { ...book, kin: all },
    { ...film, kin: all },
  ];
  media = federation(
    {
      shop: {
        schema: `
          type Query { media: [Media] director: Director }
          interface Kin { kin: [Kin] }
          type Director @key(fields: "id") { id: ID! first: Film }
          interface Media @key(fields: "id") { id: ID! title: String year: Int }
          type Book implements Media & Kin @key(fields: "id") { id: ID! title: String year: Int kin: [Kin] }
          type Film implements Media & Kin @key(fields: "id") { id: ID! title: String year: Int kin: [Kin] }
        `,
        resolvers: { Query: { media: () => kin, director: () => ({ first: film }) } },
      },
      labels: {
        schema: `
          type Media @key(fields: "id") @interfaceObject {
            id: ID! pages: Int title: String @external year: Int @external label: String @requires(fields: "title") age: Int @requires(fields: "year")
          }
        `,
        resolvers: {
          Media: {
            __resolveReference: (key: object) => key,
            pages: ({ id }: { id: string }) => all.find((m) => m.id === id)?.pages,
            label({ title }: { title?: string }) {
              if (title === undefined) throw new Error('a label is computed from nothing');
              return `${title}!`;
            },
            age({ year }: { year?: number }) {
              if (year === undefined) throw new Error('an age is computed from nothing');
              return 2026 - year;
            },
          },
        },
      },
    },
    { media: kin, director: { first: film } },
  );
});

const LOST = '{ media { pages ... on Book { label } } }';
const MIXED = '{ media { ... on Book { kin { ... on Book { label } ... on Media { pages } } } } }';
const BOTH = '{ media { ... on Book { label } ... on Film { age } } }';

test.each([
  LOST,
  '{ media { ... on Book { label pages } pages } }',
  '{ media { ...F pages ... on Film { title } } } fragment F on Book { label }',
  '{ media { pages ... on Book { label } ... on Film { label } } }',
  '{ media { pages ... on Book { label age } } }',
  MIXED,
])('what is computed for one type is not asked of the others, nor are they without the rest: %s', async (query) => {
  expect(await media.ours(query)).toEqual(await media.monolith(query));
});

test.each(['{ media { pages label } }', '{ media { ... on Book { label pages } } }', '{ media { title pages ... on Book { label } } }'])(
  'one call is enough where what is required is there, or nothing else is asked for: %s',
  async (query) => {
    media.sent.length = 0;
    expect(await media.ours(query)).toEqual(await media.monolith(query));
    expect(media.sent.map((call) => call.subgraph)).toEqual(['shop', 'labels']);
  },
);

test('what cannot be kept apart is refused', async () => {
  expect((await media.ours(BOTH)).errors).toEqual(['"labels" would be asked for Book.label without what it requires.']);
});

test('the stock gateway loses what films have, or computes from nothing', async () => {
  const { data } = await media.stock(LOST);
  expect(data).toEqual({ media: [{ pages: 3, label: 'Rain!' }, { pages: null }] });
  expect((await media.stock(MIXED)).errors).toContain('a label is computed from nothing');
  expect((await media.stock(BOTH)).errors).toContain('a label is computed from nothing');
});
