import { expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

const BOOK = { __typename: 'Book', id: 'b', pages: 90, title: 'On wells', spine: '|b|' };
const FILM = { __typename: 'Film', id: 'f', minutes: 120, title: 'Rain', spine: '|f|' };
const find = ({ id }: { id: string }) => [BOOK, FILM].find((m) => m.id === id);

let made: Federation | undefined;
/** The labels know a medium as such, and nothing of what is a work, or titled. */
const media = () =>
  (made ??= federation(
    {
      labels: {
        schema: 'type Query { labeled: [Media] } type Media @key(fields: "id") @interfaceObject { id: ID! spine: String }',
        resolvers: {
          Query: { labeled: () => [{ id: 'b' }, { id: 'f' }] },
          Media: { __resolveReference: (key: object) => key, spine: ({ id }: { id: string }) => `|${id}|` },
        },
      },
      media: {
        schema: `
          interface Media @key(fields: "id") { id: ID! }
          interface Titled { title: String }
          union Work = Book
          type Book implements Media & Titled @key(fields: "id") { id: ID! pages: Int title: String }
          type Film implements Media @key(fields: "id") { id: ID! minutes: Int }
        `,
        resolvers: {
          Media: { __resolveReference: find },
          Book: { __resolveReference: find },
          Film: { __resolveReference: find },
        },
      },
    },
    { labeled: [BOOK, FILM] },
  ));

test.each([
  '{ labeled { ... on Work { __typename } } }',
  '{ labeled { ...W spine } } fragment W on Work { ...T ... on Media { id } } fragment T on Titled { title }',
  'query ($a: Boolean = true) { labeled { ...W @include(if: $a) } } fragment W on Work { ... on Titled @skip(if: $a) { title } ... on Media { spine } }',
  '{ labeled { ... on Titled { __typename } ... on Film { minutes } } }',
])('what stands behind an interface object can be asked for by what it is besides: %s', async (query) => {
  expect(await media().ours(query)).toEqual(await media().monolith(query));
});

test('the stock planner fails', async () => {
  await expect(media().stock('{ labeled { ... on Work { __typename } } }')).rejects.toThrow('We should have an edge');
});
