import {
  ANONYMOUS,
  type Hop,
  hopKey,
  type SubgraphAnswer,
  type SubgraphRequest,
  type SubgraphTransport,
  verifyHop,
} from '@commonweal/schema';
import { beforeEach, describe, expect, test } from 'vitest';
import { CallError } from './execute/transport.fault.ts';
import type { SubgraphCall } from './execute/types.ts';
import { type Calling, callersOver, type OpenCaller } from './fetches.ts';
import { NO_METRICS } from './graph.metrics.ts';

const hopSecret = Buffer.from('a secret of thirty-two bytes, or more');
const ids = new Set<string>();
const hops: Hop[] = [];
const waiting: { answer: (answer: SubgraphAnswer) => void; fail: (error: Error) => void }[] = [];
const counted: unknown[] = [];
let open: OpenCaller;

/** A registry that admits like a real one, and answers when the test tells it to. */
const registry: SubgraphTransport = {
  fetch(request: SubgraphRequest) {
    const replays = { firstTime: (id: string) => !ids.has(id) && ids.add(id) !== undefined };
    const checked = verifyHop(hopKey(hopSecret, 'persons'), request.hop, 'persons', request.query, Date.now() / 1000, replays);
    if ('fault' in checked) return Promise.reject(new Error(`refused: ${checked.fault}`));
    hops.push(checked.hop);
    return new Promise((answer, fail) => waiting.push({ answer, fail }));
  },
};
beforeEach(() => {
  for (const list of [hops, waiting, counted]) list.length = 0;
  const count =
    (what: string) =>
    (...values: unknown[]) =>
      void counted.push([what, ...values.filter((v) => typeof v !== 'number')]);
  open = callersOver({
    transports: { persons: registry, programs: registry, payments: registry, consent: registry },
    hopSecret,
    metrics: { ...NO_METRICS, fetch: count('fetch'), repeated: count('repeated'), tripwire: count('tripwire') },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    now: () => new Date(),
  });
});

const never = new AbortController().signal;
const query: SubgraphCall = { subgraph: 'persons', query: '{ programs { code } }', variables: {}, operation: 'query' };
const decision = { principal: ANONYMOUS, epoch: 7, digest: 'd' };
const calling = (more: Partial<Calling> = {}): Calling => ({ decision, requestId: 'r-1', isPersonal: false, ...more });
const report = { subgraph: 'persons', persons: [], fields: [], rows: 1, withheld: {}, searched: [], statements: 1 };
const answer: SubgraphAnswer = { data: { programs: [] }, extensions: { report } };

test('a call is signed for its registry, its text, its principal and its request', async () => {
  const reply = open(calling()).call(query, never);
  waiting[0]!.answer(answer);
  expect((await reply).data).toEqual({ programs: [] });
  expect(hops[0]).toMatchObject({ audience: 'persons', principal: ANONYMOUS, epoch: 7, digest: 'd', requestId: 'r-1', operation: 'query' });
  expect(counted).toEqual([['fetch', 'persons', 'OK']]);
});

describe('one fetch for several requests', () => {
  test('is given to those of the same decision, each with the report for its own audit record', async () => {
    const callers = [open(calling()), open(calling({ requestId: 'r-2' }))];
    const replies = callers.map((c) => c.call(query, never));
    expect(waiting.length).toBe(1);
    waiting[0]!.answer(answer);
    expect(await Promise.all(replies)).toEqual(Array(2).fill({ data: { programs: [] }, errors: undefined, shared: true }));
    expect(callers.map((c) => [c.reports, c.sent])).toEqual([
      [[report], 1],
      [[report], 1],
    ]);
    expect(counted).toEqual([
      ['repeated', 'persons', 'JOINED'],
      ['fetch', 'persons', 'OK'],
    ]);
  });

  const others: [string, Partial<Calling>][] = [
    ['another digest', { decision: { ...decision, digest: 'e' } }],
    ['another epoch of the policies', { decision: { ...decision, epoch: 8 } }],
    ['another user', { decision: { ...decision, principal: { ...ANONYMOUS, user: 'somebody' } } }],
    ['another person', { decision: { ...decision, principal: { ...ANONYMOUS, person: 'p' } } }],
    ['other scopes', { decision: { ...decision, principal: { ...ANONYMOUS, scopes: ['read', 'filter'] } } }],
    ['other areas', { decision: { ...decision, principal: { ...ANONYMOUS, areas: ['A'] } } }],
    ['other programs', { decision: { ...decision, principal: { ...ANONYMOUS, programs: ['P'] } } }],
  ];
  test.each(others)('is not given to %s', (_, other) => {
    void open(calling()).call(query, never);
    void open(calling(other)).call(query, never);
    expect(waiting.length).toBe(2);
  });

  test('is never of a person: what another request read may be older than a withdrawal', () => {
    for (let i = 0; i < 2; i++) void open(calling({ isPersonal: true })).call(query, never);
    expect(waiting.length).toBe(2);
  });

  test('tells each its own request’s id in a fault, and each hears of changed policies', async () => {
    const callers = [open(calling()), open(calling({ requestId: 'r-2' }))];
    const replies = callers.map((c) => c.call(query, never));
    const errors = ['INTERNAL', 'POLICY_CHANGED'].map((code) => ({ message: 'canary', extensions: { code, requestId: 'canary' } }));
    waiting[0]!.answer({ data: null, errors });
    expect((await Promise.all(replies)).map((r) => r.errors?.[0]?.extensions)).toEqual([
      { code: 'INTERNAL', requestId: 'r-1' },
      { code: 'INTERNAL', requestId: 'r-2' },
    ]);
    expect(callers.map((c) => c.policyChanged)).toEqual([true, true]);
  });
});

describe('a registry that gives no answer', () => {
  const reset = new CallError('UNREACHABLE', 'connection reset', { isUnanswered: true });
  const tick = () => new Promise((resolve) => setImmediate(resolve));

  test('is asked once more, under an id that it has not seen', async () => {
    const reply = open(calling()).call(query, never);
    waiting[0]!.fail(reset);
    await tick();
    waiting[1]!.answer(answer);
    expect((await reply).data).toEqual({ programs: [] });
    expect(new Set(hops.map((h) => h.id)).size).toBe(2);
    expect(counted).toEqual([
      ['repeated', 'persons', 'RETRIED'],
      ['fetch', 'persons', 'OK'],
    ]);
  });

  test('is not asked again for a write', async () => {
    const reply = open(calling()).call({ ...query, operation: 'mutation' }, never);
    waiting[0]!.fail(reset);
    expect((await reply).errors).toEqual([
      { message: 'A registry cannot answer now. Try again later.', extensions: { code: 'UNAVAILABLE' } },
    ]);
    expect([hops.length, hops[0]!.operation]).toEqual([1, 'mutation']);
  });

  test('is TIMEOUT when it took too long, also where it does not listen, and whatever it says later is not heard', async () => {
    const controller = new AbortController();
    const caller = open(calling());
    const reply = caller.call(query, controller.signal);
    controller.abort();
    const timeout = { message: 'A registry did not answer in time.', extensions: { code: 'TIMEOUT' } };
    expect((await reply).errors).toEqual([timeout]);
    waiting[0]!.answer(answer);
    await tick();
    expect([caller.reports, counted]).toEqual([[], [['fetch', 'persons', 'TIMEOUT']]]);
    expect((await caller.call(query, controller.signal)).errors).toEqual([timeout]);
    expect(hops.length).toBe(1);
  });
});

test('a registry that refuses a field was asked by mistake: an alarm, and no word of it', async () => {
  const reply = open(calling()).call(query, never);
  waiting[0]!.answer({ data: null, errors: [{ message: 'canary', extensions: { code: 'FORBIDDEN_FIELD', coordinate: 'canary' } }] });
  expect((await reply).errors).toEqual([
    { message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL', requestId: 'r-1' } },
  ]);
  expect(counted).toContainEqual(['tripwire', 'persons']);
});
