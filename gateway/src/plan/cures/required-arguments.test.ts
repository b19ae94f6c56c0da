import { expect, test } from 'vitest';
import { compileRewrites } from '../../execute/rewrite.ts';
import { federation } from '../features/federation.examples.ts';
import type { Requirement } from '../steps.ts';
import { realNames } from './required-arguments.texts.ts';

const RATES = { USD: 1, EUR: 2, GBP: 4 };
type Currency = keyof typeof RATES;
const price = (currency: Currency = 'USD') => 10 * RATES[currency];

/** Shipping needs the price in dollars, the duty needs it in euros, the label in the default currency. */
const shop = () =>
  federation(
    {
      products: {
        schema: `
          type Query { products: [Product!] }
          type Product @key(fields: "id") { id: ID! price(currency: String = "USD"): Int }
        `,
        resolvers: {
          Query: { products: () => [{ id: '1' }] },
          Product: {
            __resolveReference: (key: object) => key,
            price: (_: unknown, { currency }: { currency: Currency }) => price(currency),
          },
        },
      },
      shipping: {
        schema: `
          type Product @key(fields: "id") {
            id: ID!
            price(currency: String = "USD"): Int @external
            shipping: Int @requires(fields: "price(currency: \\"USD\\")")
            duty: Int @requires(fields: "price(currency: \\"EUR\\")")
            label: String @requires(fields: "price")
            weight: Int
          }
        `,
        resolvers: {
          Product: {
            __resolveReference: (key: object) => ({ ...key }),
            shipping: (product: { price: number }) => product.price + 1,
            duty: (product: { price: number }) => product.price + 2,
            label: (product: { price: number }) => `for ${product.price}`,
            weight: () => 7,
          },
        },
      },
    },
    {
      products: [
        {
          id: '1',
          price: ({ currency }: { currency: Currency }) => price(currency),
          shipping: price('USD') + 1,
          duty: price('EUR') + 2,
          label: `for ${price()}`,
          weight: 7,
        },
      ],
    },
  );

test.each([
  ['alone', '{ products { shipping } }'],
  ['beside the same field with an argument of the client', '{ products { price(currency: "GBP") shipping } }'],
  ['beside the same field with a variable', 'query ($c: String = "GBP") { products { price(currency: $c) shipping } }'],
  ['beside the same field under an alias', '{ products { dollars: price(currency: "USD") price(currency: "EUR") shipping } }'],
  ['beside another requirement of the same field', '{ products { shipping duty } }'],
  ['beside a requirement without arguments', '{ products { duty label shipping weight price(currency: "GBP") } }'],
  ['under other names', '{ products { shipping: duty duty: shipping id: label } }'],
  ['under the name that the requirement travels under', '{ products { shipping price__required_1: weight } }'],
])('a required field with arguments has them: %s', async (_, query) => {
  const { ours, monolith } = shop();
  expect(await ours(query)).toEqual(await monolith(query));
});

test('the stock planner mixes what is required with what the client asks for', async () => {
  const { stock } = shop();
  expect(await stock('{ products { price(currency: "GBP") shipping } }')).toEqual({ data: { products: [{ price: 40, shipping: 41 }] } });
});

test('the stock planner mixes two requirements', async () => {
  const { stock } = shop();
  expect(await stock('{ products { shipping duty } }')).toEqual({ data: { products: [{ shipping: 21, duty: 22 }] } });
});

test('representations that contradict each other travel in one call', async () => {
  const { ours, sent } = shop();
  await ours('{ products { shipping duty weight } }');
  const [, { query, variables }] = JSON.parse(JSON.stringify(sent)) as [unknown, { query: string; variables: unknown }];
  expect(query).toMatchInlineSnapshot(
    `"query($representations:[_Any!]!$representations_1:[_Any!]!){_entities(representations:$representations){...on Product{shipping weight}}_entities_2:_entities(representations:$representations_1){...on Product{duty}}}"`,
  );
  expect(variables).toEqual({
    representations: [{ __typename: 'Product', id: '1', price: 10 }],
    representations_1: [{ __typename: 'Product', id: '1', price: 20 }],
  });
  expect(sent).toHaveLength(2);
});

test('clients do not see the fields that planning adds', async () => {
  const { ours } = shop();
  expect(await ours('{ products { price__required_1 } }')).toMatchObject({ errors: [expect.stringContaining('Cannot query field')] });
});

/** The spam filter looks at three comments of each post that has the same comment; the author is told by the first two. */
const forum = () => {
  const comments = (post: string) => ['a', 'b', 'c'].map((c) => ({ id: `${post}${c}` }));
  const isSpam = (id: string) => id.endsWith('c');
  const comment = (id: string): object => ({ id, likes: 5, isSpam: isSpam(id), elsewhere: () => [post(id.startsWith('1') ? '2' : '1')] });
  const post = (id: string) => ({
    id,
    comments: ({ first }: { first: number }) =>
      comments(id)
        .slice(0, first)
        .map((c) => comment(c.id)),
    mood: 'likes 5 5',
  });
  return federation(
    {
      posts: {
        schema: `
          type Query { posts: [Post] }
          type Post @key(fields: "id") { id: ID! comments(first: Int!): [Comment] }
          type Comment @key(fields: "id") { id: ID! elsewhere: [Post] }
        `,
        resolvers: {
          Query: { posts: () => [{ id: '1' }, { id: '2' }] },
          Post: {
            __resolveReference: (key: object) => key,
            comments: ({ id }: { id: string }, { first }: { first: number }) => comments(id).slice(0, first),
          },
          Comment: {
            __resolveReference: (key: object) => key,
            elsewhere: ({ id }: { id: string }) => [{ id: id.startsWith('1') ? '2' : '1' }],
          },
        },
      },
      judgement: {
        schema: `
          type Post @key(fields: "id") {
            id: ID!
            comments(first: Int!): [Comment] @external
            mood: String @requires(fields: "comments(first: 2) { likes }")
          }
          type Comment @key(fields: "id") {
            id: ID!
            likes: Int @external
            elsewhere: [Post] @external
            isSpam: Boolean @requires(fields: "elsewhere { comments(first: 3) { id } }")
          }
        `,
        resolvers: {
          Post: {
            __resolveReference: (key: object) => key,
            mood: ({ comments: all }: { comments: { likes: number }[] }) => `likes ${all.map((c) => c.likes).join(' ')}`,
          },
          Comment: {
            __resolveReference: (key: { elsewhere?: { comments: object[] }[] }) => {
              if (key.elsewhere?.some((p) => p.comments.length !== 3)) throw new Error('three comments are needed');
              return key;
            },
            isSpam: ({ id }: { id: string }) => isSpam(id),
          },
        },
      },
      likes: {
        schema: 'type Comment @key(fields: "id") { id: ID! likes: Int }',
        resolvers: { Comment: { __resolveReference: (key: object) => ({ ...key, likes: 5 }) } },
      },
    },
    { posts: [post('1'), post('2')] },
  );
};

test.each([
  '{ posts { mood comments(first: 1) { id } } }',
  '{ posts { comments(first: 1) { isSpam likes elsewhere { comments(first: 1) { id isSpam } } } mood } }',
  'query ($n: Int = 1) { posts { ...A ...B mood } } fragment A on Post { comments(first: $n) { id } } fragment B on Post { comments(first: $n) { isSpam } }',
])('a required list with arguments is followed into other subgraphs: %s', async (query) => {
  const { ours, monolith } = forum();
  expect(await ours(query)).toEqual(await monolith(query));
});

/** Both fields look through the same object, each with another argument. */
const nested = () =>
  federation(
    {
      persons: {
        schema: `
          type Query { persons: [Person] }
          type Person @key(fields: "id") { id: ID! home: Home }
          type Home { distance(to: String!): Int }
        `,
        resolvers: {
          Query: { persons: () => [{ id: '1' }, { id: '2' }] },
          Person: { __resolveReference: (key: object) => key, home: ({ id }: { id: string }) => (id === '2' ? null : {}) },
          Home: { distance: (_: unknown, { to }: { to: string }) => to.length },
        },
      },
      programs: {
        schema: `
          type Person @key(fields: "id") {
            id: ID!
            home: Home @external
            nearSchool: Boolean @requires(fields: "home { distance(to: \\"school\\") }")
            nearClinic: Boolean @requires(fields: "home { distance(to: \\"polyclinic\\") }")
          }
          type Home @external { distance(to: String!): Int }
        `,
        resolvers: {
          Person: {
            __resolveReference: (key: object) => key,
            nearSchool: ({ home }: { home: { distance: number } | null }) => (home ? home.distance < 8 : null),
            nearClinic: ({ home }: { home: { distance: number } | null }) => (home ? home.distance < 8 : null),
          },
        },
      },
    },
    {
      persons: [
        { id: '1', home: { distance: ({ to }: { to: string }) => to.length }, nearSchool: true, nearClinic: false },
        { id: '2', home: null, nearSchool: null, nearClinic: null },
      ],
    },
  );

test('requirements that contradict each other below another field are kept apart', async () => {
  const { ours, monolith } = nested();
  const query = '{ persons { nearClinic nearSchool home { distance(to: "town") } } }';
  expect(await ours(query)).toEqual(await monolith(query));
});

test('names are given back from the inside outwards, also where a field is required twice, with other fields below it', () => {
  const virtual = new Map(['homes', 'distance'].map((name) => [`${name}__required`, { name, arguments: [] }]));
  const field = (key: string, ...inner: Requirement[]): Requirement => ({
    kind: 'field',
    key,
    selections: inner.length > 0 ? inner : null,
  });
  const requires = [field('homes__required', field('id')), field('homes__required', field('distance__required'))];
  const person: Record<string, unknown> = { homes__required: [[{ id: 1, distance__required: 5 }]] };
  compileRewrites(realNames(requires, virtual))?.(person);
  expect(person).toEqual({ homes: [[{ id: 1, distance: 5 }]] });
});

/** The argument is on a field of an interface, and of the objects behind it. */
const library = () =>
  federation(
    {
      media: {
        schema: `
          type Query { shelf: [Media] }
          interface Media @key(fields: "id") { id: ID! title(upper: Boolean!): String }
          type Book implements Media @key(fields: "id") { id: ID! title(upper: Boolean!): String pages: Int }
          type Film implements Media @key(fields: "id") { id: ID! title(upper: Boolean!): String minutes: Int }
        `,
        resolvers: {
          Query: {
            shelf: () => [
              { __typename: 'Book', id: 'b' },
              { __typename: 'Film', id: 'f' },
            ],
          },
          Media: { __resolveReference: ({ id }: { id: string }) => ({ __typename: id === 'b' ? 'Book' : 'Film', id }) },
          Book: { __resolveReference: (key: object) => key, title: titled, pages: () => 9 },
          Film: { __resolveReference: (key: object) => key, title: titled, minutes: () => 90 },
        },
      },
      labels: {
        schema: `
          type Media @key(fields: "id") @interfaceObject {
            id: ID!
            title(upper: Boolean!): String @external
            spine: String @requires(fields: "title(upper: true)")
            entry: String @requires(fields: "title(upper: false)")
          }
        `,
        resolvers: {
          Media: {
            __resolveReference: (key: object) => key,
            spine: ({ title }: { title: string }) => `|${title}|`,
            entry: ({ title }: { title: string }) => `(${title})`,
          },
        },
      },
    },
    {
      shelf: ['Book', 'Film'].map((__typename) => {
        const id = __typename[0]!.toLowerCase();
        return {
          __typename,
          id,
          title: (args: { upper: boolean }) => titled({ id }, args),
          spine: `|${id.toUpperCase()}|`,
          entry: `(${id})`,
          pages: 9,
          minutes: 90,
        };
      }),
    },
  );

function titled({ id }: { id: string }, { upper }: { upper: boolean }): string {
  return upper ? id.toUpperCase() : id;
}

test('an interface object requires fields of the interface with arguments', async () => {
  const { ours, monolith } = library();
  const query = '{ shelf { __typename spine entry title(upper: false) ... on Book { pages spine } } }';
  expect(await ours(query)).toEqual(await monolith(query));
});
