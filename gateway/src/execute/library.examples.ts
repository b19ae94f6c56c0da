import type { ExampleSubgraph } from './graph.examples.ts';

/** Books in one subgraph, their writers in another one, and what is said of both in a third. */
export const LIBRARY: Readonly<Record<'books' | 'people' | 'reviews', ExampleSubgraph>> = {
  books: {
    schema: `
      type Query { books: [Book!]! shelves: [[Book]!]! book(isbn: ID!): Book favorite: Book }
      type Mutation { lend(isbn: ID!): Book give(isbn: ID!): Book }
      type Book @key(fields: "isbn") { isbn: ID! title: String! pages(chapter: Int): Int writer: Person }
      type Person @key(fields: "id") { id: ID! }
    `,
    resolvers: {
      Query: {
        books: () => BOOKS,
        shelves: () => [[BOOKS[0], null, BOOKS[1]], [], [BOOKS[0], BOOKS[2]]],
        book: (_: unknown, { isbn }: { isbn: string }) => BOOKS.find((b) => b.isbn === isbn),
        favorite: () => BOOKS[1],
      },
      Mutation: {
        lend: (_: unknown, { isbn }: { isbn: string }) => BOOKS.find((b) => b.isbn === isbn),
        give: () => {
          throw new Error('not for giving');
        },
      },
      Book: { __resolveReference: ({ isbn }: { isbn: string }) => BOOKS.find((b) => b.isbn === isbn), pages: () => 100 },
    },
  },
  people: {
    schema: `
      type Query { people: [Person!]! }
      type Mutation { greet(id: ID!): Person }
      type Person @key(fields: "id") { id: ID! name: String nickname: String home: Place }
      type Place { town: String street: String }
    `,
    resolvers: {
      Query: { people: () => PEOPLE },
      Mutation: { greet: (_: unknown, { id }: { id: string }) => PEOPLE.find((p) => p.id === id) },
      Person: {
        __resolveReference: ({ id }: { id: string }) => PEOPLE.find((p) => p.id === id),
        nickname: ({ id }: { id: string }) => {
          if (id === '2') throw new Error('no nicknames here');
          return `nick ${id}`;
        },
      },
    },
  },
  reviews: {
    schema: `
      type Book @key(fields: "isbn") { isbn: ID! reviews: [Review!]! }
      type Review { stars: Int! by: Person }
      type Person @key(fields: "id") { id: ID! reviews: [Review!]! }
    `,
    resolvers: {
      Book: { reviews: ({ isbn }: { isbn: string }) => REVIEWS.filter((r) => r.isbn === isbn) },
      Person: { reviews: ({ id }: { id: string }) => REVIEWS.filter((r) => r.by.id === id) },
    },
  },
};

const BOOKS = [
  { isbn: 'a', title: 'Alpha', writer: { id: '1' } },
  { isbn: 'b', title: 'Beta', writer: { id: '2' } },
  { isbn: 'c', title: 'Gamma', writer: { id: '1' } },
];
const PEOPLE = [
  { id: '1', name: 'Ada', home: { town: 'Nairobi', street: 'Moi Avenue' } },
  { id: '2', name: 'Ben', home: { town: 'Kisumu', street: 'Oginga Odinga' } },
];
const REVIEWS = [
  { isbn: 'a', stars: 5, by: { id: '2' } },
  { isbn: 'a', stars: 4, by: { id: '1' } },
  { isbn: 'b', stars: 3, by: { id: '1' } },
];
