import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import * as is from './behaviors.ts';
import { type ServedLibrary, serveLibrary } from './library.ts';
import type { Behavior } from './misbehaving.ts';

let library: ServedLibrary;
afterEach(() => library.stop());

/** Numbers that look random and are the same in each run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('of many queries at once, which share fetches, each gets its own caller’s answer', async () => {
  library = await serveLibrary();
  const random = seeded(11);
  const slowly =
    (behavior: Behavior): Behavior =>
    (request, response, sent) =>
      is.late(random(8), behavior)(request, response, sent);
  for (const name of ['books', 'people', 'reviews'] as const) library.servers[name].behave = slowly(library.wellBehaved[name]);
  const names: Record<string, string> = { '1': 'Ada', '2': 'Ben' };
  const writers: Record<string, string> = { a: '1', b: '2', c: '1' };
  const stars: Record<string, number[]> = { a: [5, 4], b: [3], c: [] };
  const questions: [string, (isbn: string, who: string) => unknown][] = [
    [
      'query($isbn: ID!) { book(isbn: $isbn) { writer { name } } }',
      (isbn, who) => ({ book: { writer: { name: `${names[writers[isbn]!]}, dear ${who}` } } }),
    ],
    [
      'query($isbn: ID!) { book(isbn: $isbn) { writer { called: name } reviews { stars } } }',
      (isbn, who) => ({
        book: { writer: { called: `${names[writers[isbn]!]}, dear ${who}` }, reviews: stars[isbn]!.map((n) => ({ stars: n })) },
      }),
    ],
    ['{ people { name } }', (_, who) => ({ people: Object.values(names).map((n) => ({ name: `${n}, dear ${who}` })) })],
  ];
  const asked = Array.from({ length: 600 }, (_, i) => ({ i, isbn: 'abc'[random(3)]!, who: `caller ${random(4)}`, question: random(3) }));
  const clients = Array.from({ length: 60 }, async () => {
    for (let one = asked.pop(); one; one = asked.pop()) {
      const { isbn, who, question } = one;
      const [query, expected] = questions[question]!;
      const leaves = random(10) === 0 ? new AbortController() : null;
      const reply = library.ask(query, {
        who,
        ...(query.includes('$isbn') ? { variables: { isbn } } : {}),
        ...(leaves ? { signal: leaves.signal } : {}),
      });
      if (leaves) setTimeout(() => leaves.abort(), random(10));
      const { data, errors } = await reply;
      if (leaves && errors) continue;
      expect({ who, isbn, data, errors }).toEqual({ who, isbn, data: expected(isbn, who), errors: undefined });
    }
  });
  await Promise.all(clients);
  const joined = library.counted.filter(([, how]) => how === 'joined').length;
  // Otherwise nothing was proven.
  expect([joined > 200, library.sharing.size]).toEqual([true, 0]);
}, 60_000);

test('a subgraph that hangs makes nobody slow who does not ask it', async () => {
  const timeoutMs = 4000;
  library = await serveLibrary({}, { people: { timeoutMs, connections: 8, waiting: 50 } });
  const ask = (query: string) => library.ask(query, { who: `caller ${Math.random()}` });
  const p95 = async () => {
    const times: number[] = [];
    for (let i = 0; i < 200; i++) {
      const began = performance.now();
      expect((await ask('{ favorite { title } }')).errors).toBeUndefined();
      times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b)[190]!;
  };
  await p95();
  const before = await p95();
  library.servers.people.behave = is.hang;
  const waiting = Array.from({ length: 150 }, () => ask('{ people { name } }'));
  const meanwhile = await p95();
  expect(library.servers.people.open.size).toBe(8);
  const codes = (await Promise.all(waiting)).map(({ errors }) => errors?.[0]?.extensions?.reason);
  // Far below the time that those lose who wait for it; how far does a noisy machine decide.
  expect({ before, meanwhile, isFast: meanwhile < Math.max(timeoutMs / 10, before * 10) }).toMatchObject({ isFast: true });
  expect([codes.filter((c) => c === 'TIMEOUT').length, codes.filter((c) => c === 'BUSY').length]).toEqual([58, 92]);
});

describe('memory stays flat', () => {
  const megabytes = () => process.memoryUsage().rss / (1 << 20);
  const kinds: [string, Behavior][] = [
    ['that announce it', is.huge],
    ['that never end', is.endless],
  ];
  test.each(kinds)(
    'whatever the answers that are too large, and %s',
    async (_, behavior) => {
      library = await serveLibrary({ largestAnswer: 8 << 20, timeoutMs: 20_000 });
      library.servers.people.behave = behavior;
      const ask = async () =>
        expect((await library.ask('{ people { name } }', { who: `${Math.random()}` })).errors?.[0]?.extensions?.reason).toBe('TOO_LARGE');
      for (let i = 0; i < 4; i++) await ask();
      const before = megabytes();
      for (let i = 0; i < 8; i++) await Promise.all([ask(), ask(), ask(), ask()]);
      // Thirty-two answers were read up to 8 MB each: to keep them would take 256 MB.
      expect(megabytes() - before).toBeLessThan(150);
      // The server hears of it a moment later.
      for (let i = 0; i < 400 && library.servers.people.open.size > 0; i++) await sleep(5);
      expect(library.servers.people.open.size).toBe(0);
    },
    60_000,
  );
});
