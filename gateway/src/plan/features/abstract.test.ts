import { beforeAll, describe, expect, test } from 'vitest';
import { type Federation, federation } from './federation.examples.ts';

const reference = { __resolveReference: (key: object) => key };

describe('types of which subgraphs know different parts', () => {
  let found: Federation;
  beforeAll(() => {
    const person = { __typename: 'Person', id: '1', name: 'Amara' };
    const school = { __typename: 'School', id: '2', name: 'Ruiru Primary', pupils: 300 };
    found = federation(
      {
        search: {
          schema: `
            type Query { found: [Found] first: Found @shareable named: [Named] }
            union Found = Person | School | Well
            interface Named { name: String }
            type Person implements Named @key(fields: "id") { id: ID! name: String @shareable }
            type School implements Named @key(fields: "id") { id: ID! name: String! @shareable }
            type Well { depth: Int }
          `,
          resolvers: {
            Query: {
              found: () => [person, school, { __typename: 'Well', depth: 20 }, null],
              first: () => person,
              named: () => [school, person],
            },
          },
        },
        schools: {
          schema: `
            type Query { first: Found @shareable }
            union Found = Person | School
            interface Sized { size: Int }
            type Person @key(fields: "id") { id: ID! born: Int }
            type School implements Sized @key(fields: "id") { id: ID! pupils: Int size: Int name: String @shareable }
          `,
          resolvers: {
            Query: { first: () => person },
            Person: { ...reference, born: () => 1990 },
            School: { __resolveReference: () => ({ ...school, size: 300 }) },
          },
        },
      },
      {
        found: [{ ...person, born: 1990 }, { ...school, size: 300 }, { __typename: 'Well', depth: 20 }, null],
        first: { ...person, born: 1990 },
        named: [
          { ...school, size: 300 },
          { ...person, born: 1990 },
        ],
      },
    );
  });

  test.each([
    ['each by its own fields', '{ found { __typename ... on Person { name born } ... on School { pupils } ... on Well { depth } } }'],
    ['only the types', '{ found { __typename } named { t: __typename } }'],
    ['by an interface that one subgraph alone has', '{ found { ... on Named { name } ... on Sized { size } } }'],
    ['an interface crossed with another', '{ named { name ... on Sized { size } ... on Person { born } } }'],
    ['a member that one subgraph does not know', '{ first { ... on Well { depth } ... on Person { name born } } }'],
    ['fields that one subgraph has in different types', '{ found { ... on School { name } ... on Person { name } } }'],
  ])('%s', async (_, query) => {
    expect(await found.ours(query)).toEqual(await found.monolith(query));
  });
});

describe('interface objects', () => {
  let media: Federation;
  beforeAll(() => {
    const item = (__typename: string, id: string, code: string) => ({
      ...{ __typename, id, code, title: `title ${id}`, spine: `|${id}|`, shelf: `shelf ${code}`, note: `title ${id} on ${code}` },
      ...(__typename === 'Book' ? { pages: 0 } : { minutes: 90 }),
    });
    const book = item('Book', 'b', 'B-1');
    const film = item('Film', 'f', 'F-1');
    const find = ({ id, code }: { id?: string; code?: string }) => [book, film].find((m) => m.id === id || m.code === code) ?? null;
    const known = ({ __typename, id, code, title }: typeof book) => ({
      __typename,
      id,
      code,
      title,
      ...(__typename === 'Book' ? { pages: 0 } : { minutes: 90 }),
    });
    media = federation(
      {
        media: {
          schema: `
            type Query { media: [Media] }
            interface Media @key(fields: "id") @key(fields: "code") { id: ID! code: ID! title: String }
            type Book implements Media @key(fields: "id") @key(fields: "code") { id: ID! code: ID! title: String pages: Int }
            type Film implements Media @key(fields: "id") @key(fields: "code") { id: ID! code: ID! title: String minutes: Int }
          `,
          resolvers: {
            Query: { media: () => [known(book), known(film)] },
            Media: { __resolveReference: (key: object) => (find(key) ? known(find(key)!) : null) },
            Book: { __resolveReference: (key: object) => known(find(key)!) },
            Film: { __resolveReference: (key: object) => known(find(key)!) },
          },
        },
        labels: {
          schema: `
            type Query { labeled: [Media] }
            type Media @key(fields: "id") @interfaceObject { id: ID! title: String @external spine: String
              note: String @requires(fields: "title code") code: ID! @external }
          `,
          resolvers: {
            Query: { labeled: () => [{ id: 'f' }, { id: 'b' }] },
            Media: {
              ...reference,
              spine: ({ id }: { id: string }) => `|${id}|`,
              note: ({ title, code }: { title: string; code: string }) => `${title} on ${code}`,
            },
          },
        },
        shelves: {
          schema: 'type Media @key(fields: "code") @interfaceObject { code: ID! shelf: String }',
          resolvers: { Media: { ...reference, shelf: ({ code }: { code: string }) => `shelf ${code}` } },
        },
      },
      { media: [book, film], labeled: [film, book] },
    );
  });

  test.each([
    ['add to all that is behind the interface', '{ media { title spine } }'],
    ['under another key', '{ media { id shelf spine } }'],
    ['lead to the objects', '{ labeled { title spine } }'],
    ['lead to the type of the objects', '{ labeled { __typename spine } }'],
    ['lead to what only some have', '{ labeled { ... on Book { pages spine } ... on Film { minutes shelf } } }'],
    ['require what the objects have', '{ labeled { note } media { ... on Film { note } } }'],
    ['add to one of several types that another registry tells', '{ labeled { ... on Book { __typename spine } } }'],
    ['all at once', '{ labeled { spine note shelf title code ... on Book { pages __typename } } }'],
  ])('%s', async (_, query) => {
    expect(await media.ours(query)).toEqual(await media.monolith(query));
  });
});
