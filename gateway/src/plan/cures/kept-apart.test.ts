import { Supergraph as FederationSupergraph, operationFromDocument } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';
import { inTime, OutOfTime } from '../in-time.ts';

const rain = { __typename: 'Book', id: 'b', title: 'Rain', pages: 90, label: 'Rain!', sequel: null };
const sun = { __typename: 'Film', id: 'f', title: 'Sun', label: 'Sun!', sequel: rain };
const all = [rain, sun];
const keyOf = ({ id }: { id: string }) => ({ id });

/** What the labels compute for media as such requires the title, which the shop has; the shop alone knows of what type media are, and the shelves do not. */
let media: Federation;
beforeAll(() => {
  media = federation(
    {
      shop: {
        schema: `
          type Query { media: [Media] }
          interface Media @key(fields: "id") { id: ID! title: String sequel: Media }
          type Book implements Media @key(fields: "id") { id: ID! title: String sequel: Media pages: Int }
          type Film implements Media @key(fields: "id") { id: ID! title: String sequel: Media }
        `,
        resolvers: {
          Query: { media: () => all },
          Media: { __resolveReference: ({ id }: { id: string }) => all.find((m) => m.id === id) },
          Book: { __resolveReference: () => rain },
          Film: { __resolveReference: () => sun },
        },
      },
      labels: {
        schema:
          'type Media @key(fields: "id") @interfaceObject { id: ID! title: String @external label: String @requires(fields: "title") }',
        resolvers: { Media: { __resolveReference: (key: object) => key, label: ({ title }: { title: string }) => `${title}!` } },
      },
      // Knows that a book has a label, and cannot tell it.
      marks: {
        schema: 'interface Marked { label: String } type Book implements Marked @key(fields: "id") { id: ID! label: String @external }',
      },
      shelves: {
        schema: 'type Query { shelf: [Media] } type Media @key(fields: "id") @interfaceObject { id: ID! }',
        resolvers: { Query: { shelf: () => all.map(keyOf) } },
      },
    },
    { media: all, shelf: all },
  );
});

test.each([
  '{ shelf { ... on Book { label } } }',
  '{ shelf { title ... on Book { label title } } }',
  '{ shelf { label ... on Book { label pages } } }',
  '{ shelf { ...F ... on Film { label } } } fragment F on Book { ... { label a: label } }',
  '{ shelf { ... on Film { sequel { ... on Book { label } label } label } } }',
  '{ shelf { ... on Book { ... on Media { label } } } }',
  '{ shelf { title ... on Book { pages ...F } } } fragment F on Media { title ... { label } }',
  '{ shelf { ... on Media { label ... on Book { ... on Media { ... on Media { label } } } } } }',
  '{ shelf { ... on Book { ... on Marked { label } } } }',
  '{ media { label ... on Book { label } ... on Film { sequel { label } } } }',
])('what is computed for an interface may be asked for of one type: %s', async (query) => {
  media.sent.length = 0;
  expect(await media.ours(query)).toEqual(await media.monolith(query));
  expect(media.sent.map((call) => call.query).join()).not.toContain('@');
});

test('the interface need not be one that clients see', async () => {
  const hidden = federation(
    {
      shop: {
        schema: `
          interface Media @key(fields: "id") @inaccessible { id: ID! title: String }
          interface Thing @key(fields: "id") { id: ID! }
          type Book implements Media & Thing @key(fields: "id") { id: ID! title: String }
          type Film implements Media & Thing @key(fields: "id") { id: ID! title: String }
        `,
        resolvers: {
          Thing: { __resolveReference: ({ id }: { id: string }) => all.find((m) => m.id === id) },
          Book: { __resolveReference: () => rain },
        },
      },
      labels: {
        schema: `
          type Media @key(fields: "id") @interfaceObject @inaccessible { id: ID! title: String @external label: String @requires(fields: "title") }
        `,
        resolvers: { Media: { __resolveReference: (key: object) => key, label: ({ title }: { title: string }) => `${title}!` } },
      },
      shelves: {
        schema: 'type Query { shelf: [Thing] } type Thing @key(fields: "id") @interfaceObject { id: ID! }',
        resolvers: { Query: { shelf: () => all.map(keyOf) } },
      },
    },
    { shelf: all },
  );
  const query = '{ shelf { ... on Book { label } } }';
  expect(await hidden.ours(query)).toEqual(await hidden.monolith(query));
});

test('the stock planner finds no end', () => {
  const { supergraph } = media;
  const stock = FederationSupergraph.build(supergraph);
  const operation = operationFromDocument(stock.apiSchema(), parse('{ shelf { ... on Book { label } } }'));
  const plan = () => new QueryPlanner(stock, { reuseQueryFragments: false }).buildQueryPlan(operation);
  expect(() => inTime(500, plan)).toThrow(OutOfTime);
});
