import { expect, test } from 'vitest';
import type { Engine, EngineRequest } from './engine.ts';
import { answerTogether } from './requests.ts';
import type { Caller } from './types.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const CALL = { subgraph: 'people', query: '{ a }', variables: {}, operation: 'query' } as const;

/** An engine that notes whom it answered what; it asks a subgraph first, and takes a moment after that. */
function noting() {
  const answered: string[] = [];
  const signals: AbortSignal[] = [];
  const called = Promise.withResolvers<void>();
  const engine = {
    isQuery: ({ query }: EngineRequest) => query !== 'mutation',
    async answer({ query, operationName, variables }: EngineRequest, caller: Caller, signal: AbortSignal) {
      answered.push([caller.key, query, operationName, JSON.stringify(variables)].join(' '));
      signals.push(signal);
      const number = answered.length;
      await caller.call(CALL, signal);
      called.resolve();
      await pause(10);
      return { data: { number, key: caller.key } };
    },
  } as unknown as Engine;
  const together = answerTogether(engine);
  const ask = (key: string | null, request: EngineRequest, signal = new AbortController().signal) =>
    together(request, { key, call: () => pause(10).then(() => ({ data: {} })) }, signal);
  return { ask, answered, signals, subgraphAnswers: () => called.promise };
}

test('identical requests of one caller that are under way are answered once', async () => {
  const { ask, answered } = noting();
  const texts = await Promise.all([1, 2, 3].map(() => ask('ada', { query: 'q', variables: { a: 1 } })));
  expect(texts).toEqual(Array(3).fill('{"data":{"number":1,"key":"ada"}}'));
  await ask('ada', { query: 'q', variables: { a: 1 } });
  expect(answered).toEqual(Array(2).fill('ada q  {"a":1}'));
});

test('what differs in anything is answered for itself: the caller, the text, the operation, the variables', async () => {
  const { ask, answered } = noting();
  await Promise.all([
    ask('ada', { query: 'q' }),
    ask('ben', { query: 'q' }),
    ask('ada', { query: 'r' }),
    ask('ada', { query: 'q', operationName: 'o' }),
    ask('ada', { query: 'q', variables: { a: 1 } }),
    ask('ada', { query: 'q', variables: { a: 2 } }),
  ]);
  expect(new Set(answered).size).toBe(6);
});

test('a caller without a key, and writes, share nothing', async () => {
  const { ask, answered } = noting();
  await Promise.all([
    ask(null, { query: 'q' }),
    ask(null, { query: 'q' }),
    ask('ada', { query: 'mutation' }),
    ask('ada', { query: 'mutation' }),
  ]);
  expect(answered).toHaveLength(4);
});

test('who leaves leaves the others alone, and the last one ends it', async () => {
  const { ask, signals } = noting();
  const [one, other] = [new AbortController(), new AbortController()];
  const first = ask('ada', { query: 'q' }, one.signal);
  const second = ask('ada', { query: 'q' }, other.signal);
  one.abort();
  await expect(first).rejects.toMatchObject({ fault: 'ABORTED' });
  expect(await second).toBe('{"data":{"number":1,"key":"ada"}}');
  const third = ask('ada', { query: 'q' }, AbortSignal.timeout(1));
  await expect(third).rejects.toMatchObject({ fault: 'TIMEOUT' });
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
});

test('once a subgraph has answered, nobody joins any more: it would be given older data than it asked for', async () => {
  const engine = noting();
  const first = engine.ask('ada', { query: 'q' });
  const second = engine.ask('ada', { query: 'q' });
  await engine.subgraphAnswers();
  const third = engine.ask('ada', { query: 'q' });
  const numbers = (await Promise.all([first, second, third])).map((text) => JSON.parse(text).data.number);
  expect(numbers).toEqual([1, 1, 2]);
});
