import { buildCatalog } from '@commonweal/schema';
import { buildSchema, execute, type GraphQLInterfaceType, type GraphQLObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { subgraphSchema } from '../subgraph.definition.ts';
import type { Context } from './context.ts';
import { guard } from './tripwire.ts';

/** Fields that are reached although the gateway should have cut them out: here everything that stands before the registry has failed. */
const SDL = `
  directive @access(class: String!) on OBJECT | FIELD_DEFINITION
  interface Node { id: ID income: Int }
  type Person implements Node @access(class: "NAME") { id: ID name: String income: Int friend: Person color: String @access(class: "OPEN") }
  type Query @access(class: "OPEN") { person: Person people: [Person] node: Node }
`;
const PERSON = { __typename: 'Person', id: 'p', name: 'Akai', income: 5, color: 'red' };

function guarded() {
  const schema = buildSchema(`${SDL} type _Service { sdl: String } extend type Query { _service: _Service }`);
  const fields = (schema.getType('Query') as GraphQLObjectType).getFields();
  fields.person!.resolve = () => PERSON;
  fields.people!.resolve = () => [PERSON, PERSON];
  fields.node!.resolve = () => PERSON;
  (schema.getType('Person') as GraphQLObjectType).getFields().friend!.resolve = () => PERSON;
  (schema.getType('Node') as GraphQLInterfaceType).resolveType = () => 'Person';
  const alarms: string[] = [];
  const { schema: behind, ruled } = guard(schema, buildCatalog(parse(SDL)), (coordinate) => alarms.push(coordinate));
  const ask = async (query: string, field: (coordinate: string) => boolean, context = {}) =>
    execute({ schema: behind, document: parse(query), contextValue: Object.assign(context, { rights: { field } }) as unknown as Context });
  return { ask, alarms, ruled };
}
const allBut =
  (...denied: string[]) =>
  (coordinate: string) =>
    !denied.includes(coordinate);

describe('the tripwire', () => {
  it('stands before each field of each object, but what is open to everybody', () => {
    expect([...guarded().ruled].sort()).toEqual([
      'Person.friend',
      'Person.id',
      'Person.income',
      'Person.name',
      'Query.node',
      'Query.people',
      'Query.person',
    ]);
  });

  it('gives nothing of a field that may not be reached, directly, below, in a list, under an alias or behind an interface, and raises the alarm', async () => {
    for (const query of [
      '{ person { name income } }',
      '{ person { friend { name: income } } }',
      '{ people { id: income } }',
      '{ node { income } }',
      '{ node { ... on Node { ... on Person { income } } } }',
    ]) {
      const { ask, alarms } = guarded();
      const { data, errors } = await ask(query, allBut('Person.income'));
      expect(JSON.stringify(data)).not.toContain('5');
      expect(errors?.map((e) => e.extensions.code)).toEqual(
        query.includes('people') ? Array(2).fill('FORBIDDEN_FIELD') : ['FORBIDDEN_FIELD'],
      );
      expect(new Set(alarms)).toEqual(new Set(['Person.income']));
    }
  });

  it('asks anew each time: what one may, or may for a moment, is for nobody else and for no other field', async () => {
    const { ask } = guarded();
    const query = '{ person { name income } }';
    const shared = {};
    const open = { person: { name: 'Akai', income: 5 } };
    expect((await ask(query, allBut())).data).toEqual(open);
    expect((await ask(query, allBut('Person.income'))).data).toEqual({ person: { name: 'Akai', income: null } });
    expect((await ask(query, allBut('Person.name'))).data).toEqual({ person: { name: null, income: 5 } });
    // Even in one context, which no two requests have.
    expect((await ask(query, allBut(), shared)).data).toEqual(open);
    expect((await ask(query, allBut('Person.income'), shared)).data).toEqual({ person: { name: 'Akai', income: null } });
  });

  it('that breaks lets nothing through', async () => {
    const { ask } = guarded();
    const { data, errors } = await ask('{ person { name income } }', (coordinate) => {
      if (coordinate === 'Person.income') throw new Error('the database is gone');
      return true;
    });
    expect(data).toEqual({ person: { name: 'Akai', income: null } });
    expect(errors).toHaveLength(1);
  });
});

describe('a registry', () => {
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    directive @access(class: String!) on OBJECT | FIELD_DEFINITION
    type Person @key(fields: "id") @access(class: "NAME") { id: ID! income: Int }
    type Query @access(class: "OPEN") { person: Person }`;
  const start = (resolvers: object, catalogOf = sdl) =>
    subgraphSchema({ name: 'persons', sdl, resolvers } as never, buildCatalog(parse(catalogOf)), () => {});

  it('with an entity that nothing loads does not start: what the caller sent would be given back as data', () => {
    expect(() => start({ Query: { person: () => null } })).toThrow('Person is an entity without __resolveReference');
    expect(() => start({ Query: { person: () => null }, Person: { __resolveReference: () => null } })).not.toThrow();
  });

  it('with a field that the catalog does not know does not start', () => {
    const resolvers = { Query: { person: () => null }, Person: { __resolveReference: () => null } };
    expect(() => start(resolvers, sdl.replace('income: Int', ''))).toThrow('Person.income is in the schema and not in the catalog');
  });
});
