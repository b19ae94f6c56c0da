import { readFileSync } from 'node:fs';
import { buildCatalog, decide, rightsOf } from '@commonweal/schema';
import { buildSchema, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectOperation } from '../access/operations.ts';
import { rewrite } from '../access/rewrite.ts';
import { BANK, CASE_WORKER, policy, SNAPSHOT } from '../graph.fake/consumers.ts';
import { codes, fetched, type System, startSystem } from '../graph.fake/system.ts';
import { shapeFor } from './shape.ts';

/** A graph for what the registry has no example of: interfaces with protected fields, unions, hidden enum values. The callers have NAME and not HEALTH. */
const ZOO = `
  interface Animal { label: String secret: String }
  type Cat implements Animal { label: String @access(class: OPEN) secret: String @access(class: OPEN) mood: Mood @access(class: OPEN) moods: [Mood] @access(class: OPEN) }
  type Dog implements Animal { label: String @access(class: OPEN) secret: String @access(class: HEALTH) name: String @access(class: NAME) }
  type Fox implements Animal { label: String @access(class: OPEN) secret: String @access(class: OPEN) }
  type Ghost { label: String @access(class: HEALTH) }
  union Being = Cat | Dog | Ghost
  enum Mood { CALM @access(class: OPEN) CROSS @access(class: HEALTH) }
  type Strict { must: String! @access(class: OPEN) may: String @access(class: OPEN) }
  type Locked { must: String! @access(class: HEALTH) may: String @access(class: NAME) }
  type Query {
    locked: Locked @access(class: OPEN)
    animals: [Animal] @access(class: OPEN)
    beings: [Being] @access(class: OPEN)
    cat: Cat @access(class: OPEN)
    strict: Strict @access(class: OPEN)
    byMood(mood: Mood): Cat @access(class: OPEN)
  }`;
const POLICIES = {
  ...SNAPSHOT,
  policies: [
    policy('p1', 'district', 'CASE_MANAGEMENT', { NAME: ['READ'] }),
    policy('p2', 'bank', 'PAYMENT_DELIVERY', { NAME: ['READ'] }, { disclosure: 'HIDE' }),
  ],
};

describe('interfaces, unions and enums', () => {
  let zoo: System;
  beforeAll(async () => {
    zoo = await startSystem({ subgraphs: { persons: ZOO }, policies: POLICIES });
  });
  afterAll(() => zoo.stop());

  it('an interface’s field with one protected implementer is refused for all, and given where its own type is named', async () => {
    const plain = await zoo.as(CASE_WORKER)('{ animals { label secret } }');
    expect(plain.data.animals.map((a: { secret: unknown }) => a.secret)).toEqual([null, null, null]);
    expect(plain.errors.map((e) => [e.extensions.coordinate, e.path])).toEqual([['Animal.secret', ['animals', 0, 'secret']]]);
    expect([...fetched(plain)]).toEqual(['Query.animals', 'Animal.label']);

    const named = await zoo.as(CASE_WORKER)('{ animals { ... on Cat { secret } ... on Dog { secret name } ... on Fox { secret } } }');
    expect(named.data.animals).toEqual([
      { secret: 'canary Cat.secret of cat-1' },
      { secret: null, name: 'canary Dog.name of dog-2' },
      { secret: 'canary Fox.secret of fox-3' },
    ]);
    expect(named.errors.map((e) => [e.extensions.coordinate, e.path])).toEqual([['Dog.secret', ['animals', 1, 'secret']]]);
    expect(fetched(named)).not.toContain('Dog.secret');
  });

  it('for whom it is hidden, the interface’s field does not exist', async () => {
    expect(codes(await zoo.as(BANK)('{ animals { secret } }'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect((await zoo.as(BANK)('{ animals { label ... on Fox { secret } } }')).data.animals[2]).toEqual({
      label: 'canary Fox.label of fox-3',
      secret: 'canary Fox.secret of fox-3',
    });
  });

  it('one response key over a permitted and a refused field gives only the permitted one', async () => {
    const reply = await zoo.as(CASE_WORKER)('{ animals { ... on Cat { x: label } ... on Dog { x: secret } } }');
    expect(reply.data.animals).toEqual([{ x: 'canary Cat.label of cat-1' }, { x: null }, {}]);
    expect(codes(reply)).toEqual(['FORBIDDEN_FIELD']);
  });

  it('a member of a union that may not be met is null, and its name is not told', async () => {
    for (const who of [CASE_WORKER, BANK]) {
      const reply = await zoo.as(who)('{ beings { __typename ... on Cat { label } ... on Dog { name } } }');
      expect(reply.data.beings).toEqual([
        { __typename: 'Cat', label: 'canary Cat.label of cat-1' },
        { __typename: 'Dog', name: 'canary Dog.name of dog-2' },
        null,
      ]);
      expect(reply.text).not.toContain('Ghost');
    }
    expect(codes(await zoo.as(BANK)('{ beings { ... on Ghost { __typename } } }'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('a hidden enum value is not returned, and not accepted', async () => {
    const reply = await zoo.as(CASE_WORKER)('{ cat { mood moods label } }');
    expect([reply.data.cat, reply.errors]).toEqual([{ mood: null, moods: [null, null], label: 'canary Cat.label of 1' }, []]);
    expect(codes(await zoo.as(CASE_WORKER)('{ byMood(mood: CROSS) { label } }'))).toEqual(['FORBIDDEN_INPUT']);
    expect(codes(await zoo.as(CASE_WORKER)('query ($m: Mood) { byMood(mood: $m) { label } }', { variables: { m: 'CROSS' } }))).toEqual([
      'FORBIDDEN_INPUT',
    ]);
    const [hidden, random] = [
      await zoo.as(BANK)('{ byMood(mood: CROSS) { label } }'),
      await zoo.as(BANK)('{ byMood(mood: CRUST) { label } }'),
    ];
    expect(hidden.text.replaceAll('CROSS', 'CRUST')).toBe(random.text);
  });

  it('null where there must be a value makes its parent null, with one error', async () => {
    zoo.intercept = () => ({ data: { strict: { must: null, may: 'x' }, cat: { label: 'l' } } });
    const reply = await zoo.as(BANK)('{ strict { may must } cat { label } }');
    zoo.intercept = null;
    expect([reply.status, reply.data, codes(reply), reply.errors[0]?.path]).toEqual([
      200,
      { strict: null, cat: { label: 'l' } },
      ['INTERNAL'],
      ['strict', 'must'],
    ]);
  });

  it('a refused field that must have a value makes its parent null, with one error', async () => {
    const reply = await zoo.as(CASE_WORKER)('{ locked { must may } cat { label } }');
    expect(reply.data).toEqual({ locked: null, cat: { label: 'canary Cat.label of 1' } });
    expect(reply.errors.map((e) => [e.extensions.code, e.path])).toEqual([['FORBIDDEN_FIELD', ['locked', 'must']]]);
  });

  it('a value that is none of its type is a fault of ours, and is not repeated', async () => {
    zoo.intercept = () => ({ data: { cat: { label: { secret: 'secret-1234' }, mood: 'secret-1234' } } });
    const reply = await zoo.as(BANK)('{ cat { label mood } }');
    zoo.intercept = null;
    expect([codes(reply), reply.text.includes('secret-1234')]).toEqual([['INTERNAL', 'INTERNAL'], false]);
  });
});

describe('the shape of an answer', () => {
  let system: System;
  let ask: ReturnType<System['as']>;
  beforeAll(async () => {
    system = await startSystem();
    ask = system.as(CASE_WORKER);
  });
  afterAll(() => system.stop());

  it('has the keys in the order asked for, whatever was fetched where', async () => {
    const reply = await ask(
      '{ person(id: "person-1") { enrollments { nodes { id } } phones id ...N sex } } fragment N on Person { name { given full } household { id } }',
    );
    expect(Object.keys(reply.data.person)).toEqual(['enrollments', 'phones', 'id', 'name', 'household', 'sex']);
    expect(Object.keys(reply.data.person.name)).toEqual(['given', 'full']);
  });

  it('keeps names that begin like ours, and names that mean something to JavaScript', async () => {
    const reply = await ask(
      'query ($representations: ID!, $cwX: ID!, $__proto__: ID!) { node(id: $representations) { cwExists: id __typename constructor: id ... on Person { __proto__: id prototype: sex cwk: id __typename2: id hasOwnProperty: id payments: enrollments { toString: nodes { id } } } } cwA: person(id: $cwX) { id } p: person(id: $__proto__) { id } }',
      { variables: { representations: 'person-1', cwX: 'person-2', ['__proto__']: 'person-3' } },
    );
    expect(reply.errors).toEqual([]);
    expect(reply.text).toBe(
      '{"data":{"node":{"cwExists":"person-1","__typename":"Person","constructor":"person-1","__proto__":"person-1","prototype":"UNKNOWN","cwk":"person-1","__typename2":"person-1","hasOwnProperty":"person-1","payments":{"toString":[{"id":"enrollment-1"},{"id":"enrollment-2"}]}},"cwA":{"id":"person-2"},"p":{"id":"person-3"}}}\n',
    );
    expect(({} as Record<string, unknown>).id).toBeUndefined();
  });

  it('an alias that calls a field __typename does not make it one', async () => {
    const reply = await ask('{ node(id: "person-1") { __typename: id ... on Person { sex } } }');
    expect([reply.data, reply.errors]).toEqual([{ node: { __typename: 'person-1', sex: 'UNKNOWN' } }, []]);
  });

  it('what lends itself to no one: a property of every object is not data', async () => {
    system.intercept = () => ({ data: { person: { __typename: 'Person' } } });
    const reply = await ask('{ person(id: "person-1") { constructor: sex valueOf: sex } }');
    system.intercept = null;
    expect(reply.data).toEqual({ person: { constructor: null, valueOf: null } });
  });

  it('aliases of one field with other arguments are judged and answered apart', async () => {
    const reply = await ask('{ a: person(id: "person-1") { id } b: person(id: "person-gone") { id } c: person(id: "person-2") { id } }');
    expect(reply.data).toEqual({ a: { id: 'person-1' }, b: null, c: { id: 'person-2' } });
    expect(reply.errors.map((e) => e.path)).toEqual([['b']]);
  });

  it('@skip and @include hold in fragments and on spreads', async () => {
    const query =
      'query ($v: Boolean!) { person(id: "person-1") { ... @include(if: $v) { sex } ...F @skip(if: $v) name @skip(if: $v) { full } } } fragment F on Person { birthDate phones }';
    const [yes, no] = [await ask(query, { variables: { v: true } }), await ask(query, { variables: { v: false } })];
    expect([yes.data.person, codes(yes)]).toEqual([{ sex: 'UNKNOWN' }, []]);
    expect([Object.keys(no.data.person), codes(no)]).toEqual([['birthDate', 'phones', 'name'], ['FORBIDDEN_FIELD']]);
  });

  it('a condition that is left to its default', async () => {
    const query = (standard: boolean) =>
      `query ($v: Boolean = ${standard}) { person(id: "person-1") { id enrollments @include(if: $v) { nodes { id } } phones @skip(if: $v) } }`;
    const [yes, no] = [await ask(query(true)), await ask(query(false))];
    expect([Object.keys(yes.data.person), codes(yes), yes.fetches.length]).toEqual([['id', 'enrollments'], [], 2]);
    expect(yes.data.person.enrollments.nodes).toHaveLength(2);
    expect([no.data.person, codes(no), no.fetches.length]).toEqual([{ id: 'person-1', phones: null }, ['FORBIDDEN_FIELD'], 1]);
  });

  it('circles through the graph give the same on the way back', async () => {
    const query =
      '{ household(id: "household-1") { size members { nodes { person { household { size members { nodes { person { sex phones household { size } } } } } } } } } }';
    const [cold, warm] = [await ask(query), await ask(query)];
    expect(cold.text).toBe(warm.text);
    const person = cold.data.household.members.nodes[1].person.household.members.nodes[0].person;
    expect(person).toEqual({ sex: 'UNKNOWN', phones: null, household: { size: 7 } });
    expect(codes(cold)).toEqual(['FORBIDDEN_FIELD']);
  });

  it('node gives what the direct way gives', async () => {
    const fields = 'id name { full } sex household { id } phones';
    const [direct, node] = [
      await ask(`{ person(id: "person-1") { ${fields} } }`),
      await ask(`{ node(id: "person-1") { ... on Person { ${fields} } } }`),
    ];
    expect(node.data.node).toEqual(direct.data.person);
  });

  it('what an engine gives without a proof that it exists is not given on', () => {
    const read = (name: string) => readFileSync(new URL(`../../../schema/${name}`, import.meta.url), 'utf8');
    const catalog = buildCatalog(parse(read('supergraph.graphql')));
    const schema = buildSchema(read('api.graphql'));
    const rights = rightsOf(catalog, decide(catalog, SNAPSHOT, CASE_WORKER, new Date()));
    const selected = selectOperation(parse('{ a: node(id: "person-1") { __typename } b: node(id: "person-2") { __typename } }'), undefined);
    const plan = rewrite({ schema, catalog, rights, abstractFields: 9 }, selected);
    const data = { a: { __typename: 'Person' }, b: { __typename: 'Person', cwExists: 'person-2' } };
    const shape = shapeFor({ schema, rights, disclosure: 'HIDE', selected, plan });
    expect(shape({ data, errors: [] }, {}, () => {}).data).toEqual({ a: null, b: { __typename: 'Person' } });
  });

  it('what stands behind a reference exists only if its registry says so', async () => {
    system.intercept = (subgraph, request) =>
      subgraph === 'programs' && request.query.includes('_entities') ? { data: { _entities: [null] } } : null;
    const reply = await ask('{ node(id: "enrollment-1") { __typename } }');
    system.intercept = null;
    expect([reply.data, codes(reply)]).toEqual([{ node: null }, ['NOT_AVAILABLE']]);
  });

  it('__typename alone at the top asks nobody', async () => {
    const reply = await ask('{ __typename a: __typename }');
    expect([reply.data, reply.fetches]).toEqual([{ __typename: 'Query', a: 'Query' }, []]);
  });
});
