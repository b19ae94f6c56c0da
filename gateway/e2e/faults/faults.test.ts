import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as is from './behaviors.ts';
import { type ServedLibrary, serveLibrary } from './library.ts';
import { type Behavior, json } from './misbehaving.ts';

let library: ServedLibrary;

beforeAll(async () => {
  library = await serveLibrary();
});
afterAll(() => library.stop());
afterEach(() => {
  library.servers.people.behave = library.wellBehaved.people;
  library.servers.books.behave = library.wellBehaved.books;
  library.counted.length = 0;
});

const QUERY = '{ books { title writer { name } } }';
const WITHOUT_NAMES = {
  books: [
    { title: 'Alpha', writer: { name: null } },
    { title: 'Beta', writer: { name: null } },
    { title: 'Gamma', writer: { name: null } },
  ],
};
const failure = (code: string, reason: string) => ({
  data: WITHOUT_NAMES,
  errors: [expect.objectContaining({ path: ['books'], extensions: { code: `SUBGRAPH_${code}`, subgraph: 'people', reason } })],
});

const FAULTS: readonly [string, Behavior, code: string, reason: string][] = [
  ['resets the connection', is.resetAtOnce, 'UNAVAILABLE', 'UNREACHABLE'],
  ['closes the connection', is.closeAtOnce, 'UNAVAILABLE', 'UNREACHABLE'],
  ['resets the connection within its answer', is.resetWithin, 'UNAVAILABLE', 'BROKEN_OFF'],
  ['ends before its answer does', is.endTooEarly, 'UNAVAILABLE', 'BROKEN_OFF'],
  ['sits behind a proxy that shows a page', is.pageOfAProxy, 'INVALID', 'NOT_GRAPHQL'],
  ['fails in JSON that is not GraphQL', is.failureInJson, 'INVALID', 'NOT_GRAPHQL'],
  ['fails with what looks like data', is.failureWithData, 'INVALID', 'NOT_GRAPHQL'],
  ['answers 200 MB', is.huge, 'INVALID', 'TOO_LARGE'],
  ['has headers without end', is.hugeHeaders, 'INVALID', 'TOO_LARGE'],
  ['speaks another protocol', is.noHttp, 'INVALID', 'NOT_GRAPHQL'],
  ['answers half a JSON text', is.halfJson, 'INVALID', 'NOT_GRAPHQL'],
  ['answers nothing', is.nothing, 'INVALID', 'NOT_GRAPHQL'],
  ['answers text', is.asText, 'INVALID', 'NOT_GRAPHQL'],
  ['packs its answer', is.packed, 'INVALID', 'NOT_GRAPHQL'],
  ['sends the client elsewhere', is.redirect, 'INVALID', 'NOT_GRAPHQL'],
  ['answers null', json(null), 'INVALID', 'NOT_GRAPHQL'],
  ['answers a list', json([{ data: {} }]), 'INVALID', 'NOT_GRAPHQL'],
  ['gives a list as data', json({ data: [] }), 'INVALID', 'NOT_GRAPHQL'],
  ['gives errors that are no list', json({ errors: 'no' }), 'INVALID', 'NOT_GRAPHQL'],
  ['gives neither data nor errors', json({}), 'INVALID', 'NOT_GRAPHQL'],
];

describe('a subgraph that', () => {
  test.each(FAULTS)('%s: one error with a code and a place, and what the others know', async (_, behavior, code, reason) => {
    library.servers.people.behave = behavior;
    expect(await library.ask(QUERY)).toEqual(failure(code, reason));
    library.servers.people.behave = library.wellBehaved.people;
    expect((await library.ask(QUERY)).errors).toBeUndefined();
  });

  const slow: readonly [string, Behavior][] = [
    ['hangs', is.hang],
    ['answers too late', is.late(2000, json({ data: {} }))],
    ['trickles without end', is.endlessTrickle],
  ];
  test.each(slow)('%s: the same, when its time is up', async (_, behavior) => {
    // Of the others nobody is in a hurry, however busy the machine.
    const hasty = await serveLibrary({}, { people: { timeoutMs: 300 } });
    hasty.servers.people.behave = behavior;
    expect(await hasty.ask(QUERY)).toEqual(failure('TIMEOUT', 'TIMEOUT'));
    await hasty.stop();
  });

  test('answers late, but in time, is waited for', async () => {
    library.servers.people.behave = is.late(500, library.wellBehaved.people);
    expect((await library.ask(QUERY)).errors).toBeUndefined();
  });

  test('fails in GraphQL’s own words is told as it said it, at the place', async () => {
    library.servers.people.behave = is.failureInGraphql;
    expect(await library.ask(QUERY)).toEqual({
      data: WITHOUT_NAMES,
      errors: [{ message: 'no database', path: ['books'], extensions: { code: 'NO_DATABASE' } }],
    });
  });

  test('has stopped', async () => {
    const gone = await serveLibrary();
    await gone.servers.people.stop();
    expect(await gone.ask(QUERY)).toEqual(failure('UNAVAILABLE', 'UNREACHABLE'));
    expect(gone.counted.filter(([name]) => name === 'people')).toEqual([
      ['people', 'retried'],
      ['people', 'UNREACHABLE'],
    ]);
    await gone.stop();
  });

  test('fails where nothing may be null takes all of the answer with it', async () => {
    library.servers.books.behave = is.resetWithin;
    const answer = await library.ask(QUERY);
    expect(answer.data).toBe(null);
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'books', reason: 'BROKEN_OFF' });
  });

  test('fails beside another one leaves its answer alone', async () => {
    library.servers.books.behave = is.resetWithin;
    const answer = await library.ask('{ favorite { title } people { name } }');
    expect(answer.data).toEqual({ favorite: null, people: [{ name: 'Ada' }, { name: 'Ben' }] });
    expect(answer.errors?.map((e) => e.extensions?.code)).toEqual(['SUBGRAPH_UNAVAILABLE']);
  });
});

describe('entities that are not what was asked for', () => {
  const answers: readonly [string, unknown][] = [
    ['too few', { _entities: [{ name: 'Ada' }] }],
    ['too many', { _entities: [{ name: 'Ada' }, { name: 'Ben' }, { name: 'Eve' }] }],
    ['none', {}],
    ['an object', { _entities: { name: 'Ada' } }],
    ['numbers', { _entities: [1, 2] }],
    ['lists', { _entities: [[], []] }],
  ];
  test.each(answers)('%s: nothing is put where it does not belong', async (_, data) => {
    library.servers.people.behave = json({ data });
    const answer = await library.ask(QUERY);
    expect(answer.data).toEqual(WITHOUT_NAMES);
    expect(answer.errors?.map((e) => e.extensions?.code)).toContain('SUBGRAPH_INVALID');
  });

  test('nested deeper than can be walked', async () => {
    library.servers.people.behave = is.deep;
    const answer = await library.ask(QUERY);
    expect(answer.data).toEqual(WITHOUT_NAMES);
    expect(answer.errors?.map((e) => e.extensions?.code)).toContain('SUBGRAPH_INVALID');
  });
});

describe('a query that no byte of an answer came to', () => {
  test('is sent once more, and answered as if nothing had been', async () => {
    let isFirst = true;
    library.servers.people.behave = (request, response, sent) => {
      (isFirst ? is.resetAtOnce : library.wellBehaved.people)(request, response, sent);
      isFirst = false;
    };
    expect((await library.ask(QUERY)).errors).toBeUndefined();
    expect(library.counted.filter(([name]) => name === 'people')).toEqual([
      ['people', 'retried'],
      ['people', 'OK'],
    ]);
  });

  test('is not sent once more when it is a mutation, or when its answer had begun', async () => {
    const before = library.servers.books.requests.length;
    library.servers.books.behave = is.resetAtOnce;
    expect((await library.ask('mutation { lend(isbn: "a") { title } }')).data).toEqual({ lend: null });
    library.servers.books.behave = is.resetWithin;
    await library.ask('{ favorite { title } }');
    expect(library.servers.books.requests.length - before).toBe(2);
  });
});

test('a client that leaves is a subgraph’s connection closed, and no further call', async () => {
  const { books, people } = library.servers;
  let isClosed = false;
  books.behave = (request) => void request.socket.on('close', () => (isClosed = true));
  const [asked, askedPeople] = [books.requests.length, people.requests.length];
  const client = new AbortController();
  const asking = library.ask(QUERY, { signal: client.signal });
  while (books.requests.length === asked) await sleep(5);
  const began = performance.now();
  client.abort();
  await asking;
  expect(performance.now() - began).toBeLessThan(5000);
  for (let i = 0; i < 400 && !isClosed; i++) await sleep(5);
  expect([isClosed, people.requests.length]).toEqual([true, askedPeople]);
});
