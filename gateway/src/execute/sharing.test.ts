import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Sharing, shareInFlight } from './sharing.ts';
import type { Caller, SubgraphCall, SubgraphReply } from './types.ts';

/** A call that reached the subgraphs and waits for its answer. */
interface Sent {
  readonly key: string | null;
  readonly call: SubgraphCall;
  readonly signal: AbortSignal;
  answer(reply: SubgraphReply): void;
  fail(error: Error): void;
}

const sent: Sent[] = [];
const callerOf = (key: string | null, sharing: Sharing): Caller =>
  shareInFlight(
    {
      key,
      call: (call, signal) =>
        new Promise((answer, fail) => {
          sent.push({ key, call, signal, answer, fail });
        }),
    },
    sharing,
  );
const never = new AbortController().signal;
const query = (text: string, variables: Record<string, unknown> = {}, subgraph = 'persons'): SubgraphCall => ({
  subgraph,
  query: text,
  variables,
  operation: 'query',
});
const lastSent = () => sent.at(-1)!;
const begin = () => {
  sent.length = 0;
  return new Sharing();
};

describe('identical queries of one caller that are under way', () => {
  test('are sent once, and all who wait get the answer, marked as shared', async () => {
    const sharing = begin();
    const replies = Array.from({ length: 3 }, () => callerOf('ada', sharing).call(query('{ a }', { id: 1 }), never));
    expect(sent.length).toBe(1);
    lastSent().answer({ data: { a: 1 } });
    expect(await Promise.all(replies)).toEqual(Array(3).fill({ data: { a: 1 }, shared: true }));
  });

  test('an answer that only one waits for is that caller’s alone', async () => {
    const caller = callerOf('ada', begin());
    const reply = caller.call(query('{ a }'), never);
    lastSent().answer({ data: { a: 1 } });
    expect(await reply).toEqual({ data: { a: 1 } });
  });

  test('nothing is kept after the answer', async () => {
    const sharing = begin();
    const caller = callerOf('ada', sharing);
    const first = caller.call(query('{ a }'), never);
    lastSent().answer({ data: { a: 1 } });
    await first;
    expect(sharing.size).toBe(0);
    const second = caller.call(query('{ a }'), never);
    lastSent().answer({ data: { a: 2 } });
    expect([sent.length, await second]).toEqual([2, { data: { a: 2 } }]);
  });

  test('a failure is shared too', async () => {
    const sharing = begin();
    const caller = callerOf('ada', sharing);
    const replies = [caller.call(query('{ a }'), never), caller.call(query('{ a }'), never)];
    lastSent().fail(new Error('no answer'));
    expect((await Promise.allSettled(replies)).map((r) => r.status === 'rejected' && (r.reason as Error).message)).toEqual([
      'no answer',
      'no answer',
    ]);
    expect(sharing.size).toBe(0);
  });

  test('a call that throws at once leaves nobody waiting', async () => {
    const sharing = new Sharing();
    const throwing: Caller = {
      key: 'ada',
      call() {
        throw new Error('broken');
      },
    };
    await expect(shareInFlight(throwing, sharing).call(query('{ a }'), never)).rejects.toThrow('broken');
    expect(sharing.size).toBe(0);
  });
});

describe('what is not the same is not shared', () => {
  const differing: [string, [string | null, SubgraphCall], [string | null, SubgraphCall]][] = [
    ['another caller', ['ada', query('{ a }')], ['ben', query('{ a }')]],
    ['no key', [null, query('{ a }')], [null, query('{ a }')]],
    ['another text', ['ada', query('{ a }')], ['ada', query('{ b }')]],
    ['other variables', ['ada', query('{ a }', { id: 1 })], ['ada', query('{ a }', { id: '1' })]],
    ['another subgraph', ['ada', query('{ a }')], ['ada', query('{ a }', {}, 'programs')]],
    ['a key that ends as the text begins', ['ada{', query(' a }')], ['ada', query('{ a }')]],
    ['a subgraph’s name that goes on in the key', ['ada', query('{ a }', {}, 'p')], ['pada', query('{ a }', {}, '')]],
    ['a text that ends in variables', ['ada', query('{ a }{}', {})], ['ada', query('{ a }', {})]],
  ];
  test.each(differing)('%s', (_, one, other) => {
    const sharing = begin();
    for (const [key, call] of [one, other]) void callerOf(key, sharing).call(call, never);
    expect(sent.length).toBe(2);
  });

  test('a mutation', () => {
    const sharing = begin();
    for (let i = 0; i < 2; i++) void callerOf('ada', sharing).call({ ...query('mutation { a }'), operation: 'mutation' }, never);
    expect(sent.length).toBe(2);
  });

  test('a query from after a write does not join one from before: it would miss the write', async () => {
    const sharing = begin();
    const caller = callerOf('ada', sharing);
    const before = caller.call(query('{ a }'), never);
    const write = callerOf(null, sharing).call({ ...query('mutation { a }'), operation: 'mutation' }, never);
    lastSent().answer({ data: {} });
    await write;
    const after = caller.call(query('{ a }'), never);
    sent[0]!.answer({ data: { a: 'old' } });
    expect(await before).toEqual({ data: { a: 'old' } });
    // The end of the old one is not the end of the new one.
    const joining = caller.call(query('{ a }'), never);
    sent[2]!.answer({ data: { a: 'new' } });
    expect([sent.length, await after, await joining]).toEqual([
      3,
      { data: { a: 'new' }, shared: true },
      { data: { a: 'new' }, shared: true },
    ]);
    expect(sharing.size).toBe(0);
  });

  test('what there is no room for', () => {
    sent.length = 0;
    const few = new Sharing({ calls: 2 });
    for (const text of ['{ a }', '{ b }', '{ c }', '{ c }', '{ a }']) void callerOf('ada', few).call(query(text), never);
    expect([few.size, sent.map((s) => s.call.query)]).toEqual([2, ['{ a }', '{ b }', '{ c }', '{ c }']]);
    sent.length = 0;
    const alike = new Sharing({ calls: 2 });
    for (const id of [1, 2, 3, 3, 2, 1]) void callerOf('ada', alike).call(query('{ a }', { id }), never);
    expect([alike.size, sent.map((s) => s.call.variables.id)]).toEqual([2, [1, 2, 3, 3]]);
  });

  test('variables that there is no room to compare', async () => {
    sent.length = 0;
    const small = new Sharing({ characters: 100 });
    const twice = (long: string) => [0, 1].map(() => callerOf('ada', small).call(query('{ a }', { long }), never));
    const answerAll = () => sent.splice(0).map((s) => s.answer({ data: {} })).length;
    const long = twice('x'.repeat(100));
    expect([small.size, sent.length]).toEqual([1, 2]);
    answerAll();
    await Promise.all(long);
    // Room that was taken is given back.
    for (let i = 0; i < 3; i++) {
      const short = twice('x'.repeat(60));
      expect(answerAll()).toBe(1);
      await Promise.all(short);
    }
    expect(small.size).toBe(0);
  });
});

test('variables are written out only to compare them with those of the same text', () => {
  const sharing = begin();
  let written = 0;
  const variables = { toJSON: () => ({ number: written++ }) };
  for (const [key, text] of [
    ['ada', '{ a }'],
    ['ada', '{ b }'],
    ['ben', '{ a }'],
  ] as const)
    void callerOf(key, sharing).call(query(text, variables), never);
  expect([sharing.size, written]).toEqual([3, 0]);
  // Both of those that are compared.
  void callerOf('ada', sharing).call(query('{ a }', variables), never);
  expect([sharing.size, written]).toEqual([4, 2]);
});

describe('whoever stops waiting', () => {
  test('hears of it at once and leaves the others alone, the first one too', async () => {
    const sharing = begin();
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const replies = controllers.map(({ signal }) => callerOf('ada', sharing).call(query('{ a }'), signal));
    controllers[0]!.abort();
    controllers[2]!.abort();
    const left = await Promise.allSettled([replies[0], replies[2]]);
    expect(left.map((r) => r.status === 'rejected' && (r.reason as { fault: string }).fault)).toEqual(['ABORTED', 'ABORTED']);
    expect(lastSent().signal.aborted).toBe(false);
    lastSent().answer({ data: { a: 1 } });
    // Nobody else holds it any more.
    expect(await replies[1]).toEqual({ data: { a: 1 } });
  });

  test('aborts the call if nobody else waits, and whoever comes later sends it anew', async () => {
    const sharing = begin();
    const controllers = [new AbortController(), new AbortController()];
    const replies = controllers.map(({ signal }) => callerOf('ada', sharing).call(query('{ a }'), signal));
    for (const c of controllers) c.abort();
    await Promise.allSettled(replies);
    expect([lastSent().signal.aborted, sharing.size]).toEqual([true, 0]);
    void callerOf('ada', sharing).call(query('{ a }'), never);
    expect(sent.length).toBe(2);
  });

  test('before the call was sent, sends nothing', async () => {
    const sharing = begin();
    await expect(callerOf('ada', sharing).call(query('{ a }'), AbortSignal.abort())).rejects.toMatchObject({ fault: 'ABORTED' });
    expect([sent.length, sharing.size]).toEqual([0, 0]);
  });
});

test('a signal that lives long does not collect listeners', async () => {
  const { signal } = new AbortController();
  const caller = callerOf('ada', begin());
  for (let i = 0; i < 10_000; i++) {
    const reply = caller.call(query('{ a }', { id: i >> 1 }), signal);
    if (i % 2 === 0) continue;
    lastSent().answer({ data: {} });
    sent.length = 0;
    await reply;
  }
  expect(getEventListeners(signal, 'abort').length).toBe(0);
});

/** Numbers that look random and are the same in each run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('however calls, answers, failures, leaves and writes follow each other, everybody gets the answer to their own question', async () => {
  let answered = 0;
  let joined = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const random = seeded(seed);
    const sharing = begin();
    const waiting: { expected: string; controller: AbortController; reply: Promise<SubgraphReply>; hasLeft: boolean }[] = [];
    const open = new Set<Sent>();
    for (let step = 0; step < 60; step++) {
      const dice = random(10);
      if (dice < 6) {
        const key = ['ada', 'ben', 'ad', null][random(4)]!;
        const call = query(['{ a }', '{ b }'][random(2)]!, { id: random(2) }, random(4) === 0 ? 'programs' : 'persons');
        const controller = new AbortController();
        const before = sent.length;
        const reply = callerOf(key, sharing).call(call, controller.signal);
        reply.catch(() => {});
        if (sent.length === before) joined++;
        waiting.push({ expected: JSON.stringify([key, call]), controller, reply, hasLeft: false });
      } else if (dice === 6) {
        const one = waiting[random(waiting.length || 1)];
        if (one) one.hasLeft = true;
        one?.controller.abort();
      } else if (dice === 7 && random(3) === 0) {
        const write = callerOf('ada', sharing).call({ ...query('mutation { a }'), operation: 'mutation' }, never);
        lastSent().answer({ data: {} });
        await write;
      }
      for (const s of sent) if (s.call.operation === 'query') open.add(s);
      const one = [...open][random(open.size || 1)];
      if (dice > 7 && one) {
        open.delete(one);
        sent.splice(sent.indexOf(one), 1);
        if (random(4) === 0) one.fail(new Error(JSON.stringify([one.key, one.call])));
        else one.answer({ data: { asked: JSON.stringify([one.key, one.call]) } });
        await Promise.resolve();
      }
    }
    for (const s of open) s.answer({ data: { asked: JSON.stringify([s.key, s.call]) } });
    for (const { expected, reply, hasLeft } of waiting) {
      const heard = await reply.then(
        ({ data }) => data?.asked as string,
        (error: Error) => ((error as { fault?: string }).fault === 'ABORTED' && hasLeft ? expected : error.message),
      );
      expect(heard).toBe(expected);
      answered++;
    }
    expect(sharing.size).toBe(0);
  }
  // A run in which hardly anything is shared would prove nothing.
  expect([answered > 8000, joined > 1500]).toEqual([true, true]);
});
