import { expect, test } from 'vitest';
import { graphOf, type Interfere } from './graph.examples.ts';
import { LIBRARY } from './library.examples.ts';
import { CallError } from './transport.fault.ts';
import type { SubgraphReply } from './types.ts';

const QUERY = '{ books { title writer { name } } }';
const TITLES = [
  { title: 'Alpha', writer: { name: null } },
  { title: 'Beta', writer: { name: null } },
  { title: 'Gamma', writer: { name: null } },
];

/** Replaces the answers of one subgraph. */
const instead =
  (subgraph: string, reply: () => unknown): Interfere =>
  (call, answer) =>
    call.subgraph === subgraph ? (Promise.resolve(reply()) as Promise<SubgraphReply>) : answer();

const ask = (subgraph: string, reply: () => unknown, query = QUERY) => graphOf(LIBRARY, instead(subgraph, reply)).ask(query);

test('an error about an entity stands wherever the entity does', async () => {
  const { ask: askAll, sent } = graphOf(LIBRARY);
  const answer = await askAll('{ shelves { title } books { reviews { by { nickname } } writer { called: nickname } } }');
  const path = (...steps: (string | number)[]) => expect.objectContaining({ message: 'no nicknames here', path: steps });
  expect(answer.errors).toHaveLength(2);
  expect(answer.errors).toEqual(
    expect.arrayContaining([path('books', 1, 'writer', 'called'), path('books', 0, 'reviews', 0, 'by', 'nickname')]),
  );
  expect(sent.length).toBeGreaterThan(3);
});

test('an error about an entity that stands in several places is told at each of them', async () => {
  const answer = await ask('people', () => ({
    data: { _entities: [null, { name: 'Ben' }] },
    errors: [{ message: 'gone', path: ['_entities', 0, 'name'], extensions: { code: 'GONE' } }],
  }));
  expect(answer).toEqual({
    data: { books: [TITLES[0], { title: 'Beta', writer: { name: 'Ben' } }, TITLES[2]] },
    errors: [
      { message: 'gone', path: ['books', 0, 'writer', 'name'], extensions: { code: 'GONE' } },
      { message: 'gone', path: ['books', 2, 'writer', 'name'], extensions: { code: 'GONE' } },
    ],
  });
});

test('an error that does not say where belongs to the list that was fetched for', async () => {
  for (const path of [undefined, [], ['_entities'], ['_entities', 7], ['elsewhere', 0], ['_entities', '0'], 'name', [null]]) {
    const answer = await ask('people', () => ({ data: null, errors: [{ message: 'no', path }] }));
    expect(answer).toEqual({ data: { books: TITLES }, errors: [{ message: 'no', path: ['books'] }] });
  }
});

test('a call without an answer is one error, which names the subgraph in its extensions only', async () => {
  const failing = (error: Error) =>
    ask('people', () => {
      throw error;
    });
  const told = (code: string, message: string, reason?: string) => ({
    data: { books: TITLES },
    errors: [{ message, path: ['books'], extensions: { code, subgraph: 'people', ...(reason ? { reason } : {}) } }],
  });
  expect(await failing(new Error('secret'))).toEqual(told('SUBGRAPH_UNAVAILABLE', 'A subgraph gave no answer.'));
  expect(await failing(new CallError('BUSY', 'secret'))).toEqual(told('SUBGRAPH_UNAVAILABLE', 'A subgraph gave no answer.', 'BUSY'));
  expect(await failing(new CallError('TIMEOUT', 'secret'))).toEqual(
    told('SUBGRAPH_TIMEOUT', 'A subgraph did not answer in time.', 'TIMEOUT'),
  );
  expect(await failing(new CallError('NOT_GRAPHQL', 'secret'))).toEqual(
    told('SUBGRAPH_INVALID', 'A subgraph gave an answer that is not valid.', 'NOT_GRAPHQL'),
  );
});

test('without the root there is no data', async () => {
  const answer = await graphOf(LIBRARY, () => Promise.reject(new Error('down'))).ask(QUERY);
  expect(answer).toEqual({
    data: null,
    errors: [{ message: 'A subgraph gave no answer.', extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'books' } }],
  });
});

test.each([
  ['nothing', undefined, 'it is no GraphQL response'],
  ['a text', 'hello', 'it is no GraphQL response'],
  ['a list', [], 'it is no GraphQL response'],
  ['errors that are no list', { data: null, errors: 'bad' }, 'it is no GraphQL response'],
  ['an empty object', {}, 'there is neither data nor an error'],
  ['data that is a list', { data: [] }, 'data is no object'],
  ['data that is a text', { data: 'x' }, 'data is no object'],
  ['no entities', { data: {} }, 'the entities are no list'],
  ['null for entities', { data: { _entities: null } }, 'the entities are no list'],
  ['an object for entities', { data: { _entities: { 0: {}, 1: {} } } }, 'the entities are no list'],
  ['too few entities', { data: { _entities: [{ name: 'Ada' }] } }, '2 entities were asked for and 1 came'],
  ['too many entities', { data: { _entities: [{ name: 'Ada' }, {}, {}] } }, '2 entities were asked for and 3 came'],
  ['entities that are no objects', { data: { _entities: [5, [{}]] } }, 'an entity is no object'],
])('%s in place of an answer is an error, and nothing worse', async (_, reply, reason) => {
  expect(await ask('people', () => reply)).toEqual({
    data: { books: TITLES },
    errors: [
      {
        message: 'A subgraph gave an answer that is not valid.',
        path: ['books'],
        extensions: { code: 'SUBGRAPH_INVALID', subgraph: 'people', reason },
      },
    ],
  });
});

test('no entities are no second fault where the subgraph has told of one', async () => {
  const answer = await ask('people', () => ({ data: { _entities: null }, errors: [{ message: 'no' }] }));
  expect(answer.errors).toEqual([{ message: 'no', path: ['books'] }]);
});

test('of what is no error in the list of errors, that there was one is told', async () => {
  const answer = await ask('people', () => ({ data: null, errors: [null, 5, {}, { message: 7, extensions: [] }] }));
  expect(answer.errors).toEqual(Array.from({ length: 4 }, () => ({ message: 'A subgraph reported an error.', path: ['books'] })));
});

test('objects of the wrong kind on the way are passed over', async () => {
  const answer = await ask('books', () => ({ data: { books: [5, 'x', { title: 'Alpha', writer: 'Ada' }, [null]] } }));
  expect(answer.data).toBe(null);
  expect(answer.errors?.length).toBeGreaterThan(0);
});

test('an answer that is nested beyond reason is an error', async () => {
  const deep = () => {
    let value: unknown = { __typename: 'Person', id: '1' };
    for (let i = 0; i < 100_000; i += 1) value = [value];
    return { data: { books: value } };
  };
  const answer = await ask('books', deep);
  expect(answer.errors?.length).toBeGreaterThan(0);
});

test('errors are told up to a number; of more, how many they are', async () => {
  const errors = Array.from({ length: 2500 }, (_, i) => ({ message: `no ${i}`, path: ['_entities', 1, 'name'] }));
  const answer = await ask('people', () => ({ data: { _entities: [null, null] }, errors }));
  expect(answer.errors).toHaveLength(1001);
  expect(answer.errors?.[999]).toEqual({ message: 'no 999', path: ['books', 1, 'writer', 'name'] });
  expect(answer.errors?.[1000]).toEqual({
    message: 'There are 1500 more errors.',
    extensions: { code: 'TOO_MANY_ERRORS', more: 1500 },
  });
});

test('a key __proto__ in an answer changes no object', async () => {
  const answer = await ask('people', () => JSON.parse('{"data":{"_entities":[{"name":"Ada","__proto__":{"nickname":"evil"}},null]}}'));
  expect(answer.data).toEqual({
    books: [{ title: 'Alpha', writer: { name: 'Ada' } }, TITLES[1], { title: 'Gamma', writer: { name: 'Ada' } }],
  });
  expect(({} as Record<string, unknown>).nickname).toBeUndefined();
});

test('when the time is up, what is known is given at once, and nothing more is sent or written', async () => {
  const controller = new AbortController();
  let answerLate = () => {};
  const { ask: askAll, sent } = graphOf(LIBRARY, (call, answer) => {
    if (call.subgraph === 'books') return answer();
    setTimeout(() => controller.abort());
    // A transport that does not listen to the signal, and answers after all.
    return new Promise((resolve) => {
      answerLate = () => resolve(answer());
    });
  });
  const answer = await askAll(
    '{ books { title writer { name reviews { by { name } } } } favorite { title } }',
    undefined,
    controller.signal,
  );
  expect(answer.data?.favorite).toEqual({ title: 'Beta' });
  expect(answer.errors).toEqual([
    {
      message: 'A subgraph did not answer in time.',
      path: ['books'],
      extensions: { code: 'SUBGRAPH_TIMEOUT', subgraph: expect.any(String) },
    },
  ]);
  const before = [sent.length, JSON.stringify(answer)];
  answerLate();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([sent.length, JSON.stringify(answer)]).toEqual(before);
});

test('an operation whose time is up before it begins sends nothing', async () => {
  const { ask: askAll, sent } = graphOf(LIBRARY);
  const answer = await askAll(QUERY, undefined, AbortSignal.abort());
  expect(sent).toEqual([]);
  expect(answer.data).toBe(null);
  expect(answer.errors).toEqual([
    { message: 'A subgraph did not answer in time.', extensions: { code: 'SUBGRAPH_TIMEOUT', subgraph: 'books' } },
  ]);
});
