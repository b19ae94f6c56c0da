import { readdirSync, readFileSync } from 'node:fs';
import { buildClientSchema, getIntrospectionQuery, parse, printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { graphOf } from './graph.examples.ts';
import { LIBRARY } from './library.examples.ts';

const messages = (answer: { errors?: readonly { message: string }[] }) => answer.errors?.map((e) => e.message);

test('what is not GraphQL, not valid or not there is refused, without data and without a call', async () => {
  const { ask, sent } = graphOf(LIBRARY);
  const refused = async (query: string, variables?: Record<string, unknown>) => {
    const answer = await ask(query, variables);
    expect(answer).not.toHaveProperty('data');
    return messages(answer);
  };
  expect(await refused('{')).toEqual(['Syntax Error: Expected Name, found <EOF>.']);
  expect(await refused('')).toEqual(['Syntax Error: Unexpected <EOF>.']);
  expect(await refused('{ books { unheardOf } }')).toEqual(['Cannot query field "unheardOf" on type "Book".']);
  expect(await refused('query A { books { isbn } } query B { books { isbn } }')).toEqual([
    'The document has no operation, or several: name one.',
  ]);
  expect(await refused('query ($isbn: ID!) { book(isbn: $isbn) { title } }')).toEqual([
    'Variable "$isbn" of required type "ID!" was not provided.',
  ]);
  expect(await refused('{ __proto__: books { isbn } }')).toEqual(['The name __proto__ cannot be used.']);
  expect(await refused('{ books { writer { __proto__: name } } }')).toEqual(['The name __proto__ cannot be used.']);
  expect(sent).toEqual([]);
});

test('of several operations the named one is run', async () => {
  const { engine } = graphOf(LIBRARY);
  const caller = { key: null, call: async () => ({ data: { favorite: { title: 'Beta' } } }) };
  const query = 'query A { books { isbn } } query B { favorite { title } }';
  const { signal } = new AbortController();
  expect(await engine.answer({ query, operationName: 'B' }, caller, signal)).toEqual({ data: { favorite: { title: 'Beta' } } });
  expect(messages(await engine.answer({ query, operationName: 'C' }, caller, signal))).toEqual([
    'The document has no operation of that name.',
  ]);
});

test('each operation of one text is remembered by its name, however many names are tried', async () => {
  const { engine } = graphOf(LIBRARY);
  const caller = { key: null, call: async () => ({ data: { favorite: { title: 'Beta' }, books: [] } }) };
  const query = 'query A { books { isbn } } query B { favorite { title } }';
  const { signal } = new AbortController();
  const ask = async (operationName: string) => JSON.stringify((await engine.answer({ query, operationName }, caller, signal)).data);
  const tried = async () => [await ask('A'), await ask('B'), await ask('A')];
  const expected = ['{"books":[]}', '{"favorite":{"title":"Beta"}}', '{"books":[]}'];
  expect(await tried()).toEqual(expected);
  for (let i = 0; i < 120; i++) await ask(`Unheard${i}`);
  expect(await tried()).toEqual(expected);
});

test('questions about the schema are answered here, beside others and in their order', async () => {
  const { ask, sent } = graphOf(LIBRARY);
  const answer = await ask(
    '{ favorite { title } ...More __typename } fragment More on Query { kind: __type(name: "Book") { name } people { id } }',
  );
  expect(JSON.stringify(answer.data)).toBe(
    '{"favorite":{"title":"Beta"},"kind":{"name":"Book"},"people":[{"id":"1"},{"id":"2"}],"__typename":"Query"}',
  );
  expect(sent).toHaveLength(2);
});

test('a question about the schema alone needs no subgraph', async () => {
  const { ask, sent, engine } = graphOf(LIBRARY);
  const answer = await ask(getIntrospectionQuery());
  expect(printSchema(buildClientSchema(answer.data as never))).toBe(printSchema(engine.schema));
  expect(await ask('query ($name: String!) { __type(name: $name) { name } }', { name: 'Book' })).toEqual({
    data: { __type: { name: 'Book' } },
  });
  expect(await ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  expect(sent).toEqual([]);
});

test('null where there must be none goes up as far as it must, with an error', async () => {
  const { ask } = graphOf(LIBRARY, async () => ({ data: { books: [{ isbn: 'a', title: null }] } }));
  const answer = await ask('{ books { isbn title } }');
  expect(answer.data).toBe(null);
  expect(answer.errors).toMatchObject([{ path: ['books', 0, 'title'] }]);
});

test('a plan is made once for the same text', () => {
  const { engine } = graphOf(LIBRARY);
  const text = '{ books { title writer { name } } }';
  expect(engine.prepare(parse(text))).toBe(engine.prepare(parse(text.replaceAll(' ', '\n  '))));
  expect(engine.prepare(parse(text))).not.toBe(engine.prepare(parse('{ books { title } }')));
});

test('an operation with conditions is planned once for each set of their values', () => {
  const { engine } = graphOf(LIBRARY);
  const prepared = engine.prepare(
    parse('query ($a: Boolean!, $b: Boolean = false) { books { title isbn @include(if: $a) writer @skip(if: $b) { name } } }'),
  );
  const plan = prepared.planFor({ a: true, b: false });
  expect(prepared.planFor({ b: false, a: true, c: 1 })).toBe(plan);
  expect(prepared.planFor({ a: true, b: true })).not.toBe(plan);
  const nothing = engine.prepare(parse('query ($a: Boolean!) { books @include(if: $a) { title } }'));
  expect(nothing.planFor({ a: false })).toBeNull();
  expect(nothing.planFor({ a: true })).not.toBeNull();
});

test('what a condition leaves out is not asked for, and its variable is not sent', async () => {
  const { ask, sent } = graphOf(LIBRARY);
  const text = 'query ($a: Boolean!) { books { title isbn @include(if: $a) } }';
  await ask(text, { a: false });
  expect(sent).toMatchObject([{ query: '{books{title}}', variables: {} }]);
});

test('the engine leans on nothing of the product', () => {
  const allowed =
    /^(node:.*|graphql|@apollo\/(query-planner|federation-internals)|undici|@opentelemetry\/api|\.\/[\w.-]+|\.\.\/plan\/[\w./-]+|\.\.\/lru\.ts)$/;
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !/\.(test|examples|random)\.ts$/.test(name));
  expect(files).toContain('engine.ts');
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const imports = [...text.matchAll(/^(?:import|export) [^;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)];
    for (const [, from, bare, dynamic] of imports)
      expect({ file, from: from ?? bare ?? dynamic }).toEqual({ file, from: expect.stringMatching(allowed) });
  }
});
