import { buildSchema, coerceInputValue, type GraphQLInputType, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { isSurelyFine } from './variables.fine.ts';
import { variablesReader } from './variables.ts';

const schema = buildSchema(`
  scalar Date
  enum Color { RED BLUE }
  input Inner { id: ID!, color: Color = RED, next: Inner }
  input Filter { inner: Inner, list: [Inner!], counts: [Int], at: Date, must: Int! = 3, flag: Boolean }
  input One @oneOf { a: Int, b: Int }
  type Query { find(filter: Filter, one: One, ids: [ID!]!, ratio: Float): Int }
`);

const VALUES: readonly unknown[] = [
  null, true, 0, 1.5, 2 ** 40, '', 'RED', 'red', '1', 'x', [], ['a'], [null], [['a']], [1, 'x'], {}, { id: '1' }, { id: 1 }, { id: null },
  { id: 'x', color: 'BLUE' }, { id: 'x', color: 'GREEN' }, { id: 'x', color: null }, { id: 'x', next: { id: 'y', next: null } },
  { id: 'x', next: {} }, { id: 'x', other: 1 }, { inner: { id: 'a' } }, { inner: [] }, { list: { id: 'a' } }, { list: [{ id: 'a' }] },
  { list: [null] }, { list: 'x' }, { counts: [1, null] }, { counts: 1 }, { counts: ['1'] }, { at: { any: 1 } }, { must: null }, { must: 1 },
  { flag: 'true' }, { a: 1 }, { a: 1, b: 2 }, { a: null }, { __proto__: null, id: 'x' }, { toString: 1 }, { constructor: { id: 1 } },
]; // biome-ignore format: a table

describe('the quick look at a value', () => {
  it('never takes what graphql-js refuses, and takes what is plainly right', () => {
    const types = ['Date', 'Color', 'Inner', 'Filter', 'One', 'ID', 'Int', 'Float', 'Boolean', 'String'].map((name) =>
      schema.getType(name),
    );
    const fields = schema
      .getQueryType()!
      .getFields()
      .find!.args.map((a) => a.type);
    let taken = 0;
    for (const type of [...types, ...fields] as GraphQLInputType[])
      for (const value of VALUES) {
        let isRefused = false;
        coerceInputValue(value, type, () => {
          isRefused = true;
        });
        if (!isSurelyFine(value, type)) continue;
        expect([String(type), value, isRefused]).toEqual([String(type), value, false]);
        taken += 1;
      }
    expect(taken).toBeGreaterThan(80);
    expect(isSurelyFine({ id: 'x', next: { id: 'y' } }, schema.getType('Inner') as GraphQLInputType)).toBe(true);
  });
});

describe('the variables of an operation', () => {
  const readerOf = (text: string) => {
    const document = parse(text);
    return variablesReader(schema, { document, operation: document.definitions[0] as OperationDefinitionNode });
  };
  const read = readerOf(
    'query($filter: Filter, $ids: [ID!]! = ["d"], $ratio: Float = 0.5) { find(filter: $filter, ids: $ids, ratio: $ratio) }',
  );

  it('are handed on as they were sent, with defaults, and no others', () => {
    expect({ ...read({}) }).toEqual({ ids: ['d'], ratio: 0.5 });
    expect({ ...read({ ids: 'one', ratio: null, other: 1, filter: { list: { id: 1 } } }) }).toEqual({
      ids: 'one',
      ratio: null,
      filter: { list: { id: 1 } },
    });
  });

  it('are refused by name and place, without the value', () => {
    const refusal = (given: Record<string, unknown>) => {
      try {
        return read(given);
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refusal({ ids: null })).toBe('Variable "$ids" must not be null.');
    expect(refusal({ ids: [{}] })).toBe('Variable "$ids" has a wrong value at "0".');
    expect(refusal({ filter: { inner: { id: 'canary', color: 'canary' } } })).toBe(
      'Variable "$filter" has a wrong value at "inner.color".',
    );
    expect(refusal({ filter: 'canary' })).toBe('Variable "$filter" has a wrong value.');
    expect(refusal({ filter: { list: [{}] } })).toBe('Variable "$filter" lacks "list.0.id".');
    expect(refusal({ filter: { canary: 1 } })).toBe('Variable "$filter" has a field that there is not.');
    expect(refusal({ filter: { inner: { id: 'x', canary: 1 } } })).toBe('Variable "$filter" has a field that there is not at "inner".');
  });

  it.each([
    ['an argument', 'query ($x: [ID!] = ["d"]) { find(ids: $x) }'],
    ['a list', 'query ($x: ID = "d") { find(ids: [$x]) }'],
    ['an input object', 'query ($x: ID = "d") { find(ids: [], filter: { inner: { id: $x } }) }'],
    ['a field with a default', 'query ($x: Int) { find(ids: [], filter: { must: $x }) }'],
    ['a directive', 'query ($x: Boolean = true) { find(ids: []) @skip(if: $x) }'],
    ['a fragment', 'query ($x: [ID!] = ["d"]) { ...F } fragment F on Query { find(ids: $x) }'],
    ['a question about the schema', 'query ($x: String = "Query") { __type(name: $x) { name } }'],
  ])('are refused as null where null may not stand: %s', (_, text) => {
    expect(() => readerOf(text)({ x: null })).toThrow('Variable "$x" must not be null.');
    expect(() => readerOf(text)({})).not.toThrow();
  });

  it('are refused when they are too many or too deep, whether or not the operation has them', () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
    expect(() => read({ other: deep(32) })).not.toThrow();
    expect(() => read({ other: deep(33) })).toThrow('The variables are too large: levels, at most 32.');
    expect(() => read({ ids: Array.from({ length: 1999 }, () => 'x') })).not.toThrow();
    expect(() => read({ ids: Array.from({ length: 2000 }, () => 'x') })).toThrow('The variables are too large: values, at most 2000.');
    expect(() => read({ a: { ids: Array.from({ length: 1000 }, () => 'x') }, b: Array.from({ length: 1000 }, () => 1) })).toThrow('values');
  });

  it('may be null where null may stand', () => {
    expect({ ...readerOf('query ($x: Float = 0.5, $f: Filter) { find(ids: [], ratio: $x, filter: $f) }')({ x: null, f: null }) }).toEqual({
      x: null,
      f: null,
    });
  });
});
