import { execute, type GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Context } from './context.ts';
import { formatError } from './errors.ts';
import { makeExecutableSchema } from './executor.examples.ts';
import { compileOperation, createExecutor, toGraphQLError } from './executor.ts';

/** Both executors over one schema, for what the language can ask: compiled code must answer as graphql-js does. */
const schema = makeExecutableSchema();

/** An answer as text, so that the order of fields and absent fields count too; errors with their place and code. */
const heard = ({ data, errors }: { data?: unknown; errors?: readonly GraphQLError[] }) => ({
  data: JSON.stringify(data),
  errors: (errors ?? []).map((e) => JSON.stringify(formatError(toGraphQLError(e), 'request', () => {}))).toSorted(),
});

async function both(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  const compiled = compileOperation(document, schema, undefined);
  if (!compiled) throw new Error('this is not compiled');
  const js = await execute({ schema, document, variableValues: variables, contextValue: {} });
  const jit = await compiled.query(undefined, {}, variables);
  return { js: heard(js), jit: heard(jit) };
}

describe('compiled code answers as graphql-js', () => {
  it.each<[string, string, Record<string, unknown>?]>([
    ['leaves, lists, objects and aliases', '{ a: thing { id n f flag color day } things { id } b: thing { again: id } }'],
    ['fields of the prototype as names', '{ constructor: thing { toString: id hasOwnProperty: n valueOf: f } }'],
    ['fragments, named and inline, merged', '{ thing { ...T ... on Thing { n inner { id } } } } fragment T on Thing { id inner { n } }'],
    [
      'abstract types',
      '{ nodes { __typename id ... on Thing { n } ... on Other { word } } either { __typename ... on Thing { id } ... on Other { word } } }',
    ],
    ['a type that is not possible', '{ strange { id } }'],
    ['arguments with defaults', '{ echo echo2: echo(text: "x", n: 3) echo3: echo(color: RED, list: ["a", "b"]) echo4: echo(text: null) }'],
    ['inputs within inputs', '{ echoInput(input: { word: "w", deep: { word: "d" } }) b: echoInput(input: { word: "w" }) }'],
    [
      'variables with defaults, not given',
      'query ($t: String = "standard", $n: Int, $c: Color = BLUE) { echo(text: $t, n: $n, color: $c) }',
    ],
    ['variables given, and null', 'query ($t: String = "standard", $n: Int) { echo(text: $t, n: $n) }', { t: null, n: 4 }],
    ['an input as a variable, with defaults inside', 'query ($i: Input!) { echoInput(input: $i) }', { i: { word: 'v', deep: {} } }],
    [
      'text that is code elsewhere',
      'query ($t: String) { echo(text: $t) b: echo(text: "`process.exit()`\\"\\\\ \\n") }',
      { t: '"); throw 1; ("' },
    ],
    ['a value that is null', '{ empty { id } nothing things2: thing { missing } }'],
    ['errors, with their places and codes', '{ thing { id fails { id } failsLater } things { id failsLater } }'],
    ['null for what must not be null, one level up', '{ thing { id mustNot } lists { maybe { id n } } }'],
    ['null for what must not be null, to the top', '{ thing { id } topMustNot }'],
    ['leaves that are not what they should be', '{ bad { n flag color day } }'],
    ['lists of promises, some of which fail', '{ promises { id } promisesMust { id } }'],
    ['a list that is none', '{ notAList { id } }'],
    ['no sub-selection but the name of the type', '{ __typename thing { __typename } }'],
  ])('%s', async (_, query, variables) => {
    const { js, jit } = await both(query, variables);
    expect(jit).toEqual(js);
  });

  it.each([
    ['null for what must not be null in two elements of a list', '{ lists { must { id mustNot } } }'],
    ['errors in two elements of a list', '{ lists { must { mustFail } maybe { mustFail } } }'],
  ])('but for %s: it tells of both, graphql-js of the first', async (_, query) => {
    const { js, jit } = await both(query);
    expect(jit.data).toBe(js.data);
    expect(jit.errors).toEqual(expect.arrayContaining(js.errors));
    expect(jit.errors).toHaveLength(js.errors.length + 1);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['a variable of another type', 'query ($n: Int) { echo(n: $n) }', { n: 'three' }],
    ['a variable that is needed and not given', 'query ($i: Input!) { echoInput(input: $i) }', {}],
    ['a field that the input has not', 'query ($i: Input!) { echoInput(input: $i) }', { i: { word: 'v', other: 1 } }],
  ])('refuses %s as graphql-js does: no data, one error', async (_, query, variables) => {
    const { js, jit } = await both(query, variables);
    expect([jit.data, jit.errors.length]).toEqual([js.data, js.errors.length]);
  });
});

describe('is left to graphql-js', () => {
  it.each([
    ['a name that would be a prototype', '{ __proto__: thing { id } }'],
    ['such a name further down', '{ thing { __proto__: id } }'],
    ['such a variable', 'query ($__proto__: String) { echo(text: $__proto__) }'],
    ['a field that may be skipped', 'query ($x: Boolean!) { thing { id @skip(if: $x) } }'],
    ['a fragment that may be included', 'query ($x: Boolean!) { thing { ... @include(if: $x) { id } } }'],
    ['a directive of our own', '{ thing @ours { id } }'],
    ['a mutation', 'mutation { change { id } }'],
    ['a variable whose type may hold itself, for which it would compile for ever', 'query ($f: Filter) { echoFilter(filter: $f) }'],
    ['such a type further down', 'query ($f: [Around!]) { echoFilter(around: $f) }'],
  ])('%s', (_, query) => {
    expect(compileOperation(parse(query), schema, undefined)).toBeNull();
  });
});

describe('a variable without a value', () => {
  const run = createExecutor({ guarded: schema, bare: schema, ruled: new Set() }, 'jit');

  it.each<[string, string, Record<string, unknown>]>([
    ['is left out of an input, which then takes its default', 'query ($n: Int) { echoInput(input: { word: "w", n: $n }) }', {}],
    ['is left out further down', 'query ($w: String) { echoInput(input: { word: "w", deep: { word: $w } }) }', {}],
    ['is null where null is given', 'query ($n: Int) { echoInput(input: { word: "w", n: $n }) }', { n: null }],
    ['is not taken for a word that must be there', 'query ($w: String = "w") { echoInput(input: { word: $w }) }', { w: null }],
    ['nor for an element that must be there', 'query ($w: String = "w") { echo(list: [$w]) }', { w: null }],
  ])('%s', async (_, query, variables) => {
    const js = await execute({ schema, document: parse(query), variableValues: variables, contextValue: {} });
    const ran = await run({ query, variables, operationName: undefined }, {} as Context);
    expect(heard(ran)).toEqual(heard(js));
  });
});
