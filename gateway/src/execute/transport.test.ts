import { expect, test } from 'vitest';
import { Sharing } from './sharing.ts';
import { CallError } from './transport.fault.ts';
import { type Headers, openWay, type Transport } from './transport.ts';
import type { SubgraphCall } from './types.ts';

const never = new AbortController().signal;
const query: SubgraphCall = { subgraph: 'persons', query: '{ a }', variables: {}, operation: 'query' };

/** A way to one subgraph that does with each attempt what it is told to. */
function wayTo(send: Transport['send'], sharing?: Sharing) {
  const seen: unknown[] = [];
  const open = openWay({
    transports: { persons: { send, close: async () => {} } },
    sharing,
    observer: {
      ended: (subgraph, outcome, seconds) => seen.push([subgraph, outcome, seconds >= 0]),
      retried: (subgraph) => seen.push([subgraph, 'retried']),
      joined: (subgraph) => seen.push([subgraph, 'joined']),
    },
  });
  return { open, seen };
}

test('each attempt at a call has headers of its own, for a token that holds once', async () => {
  const sent: (Headers | undefined)[] = [];
  const { open, seen } = wayTo(async (_call, _signal, headers) => {
    sent.push(headers);
    if (sent.length === 1) throw new CallError('UNREACHABLE', 'connection reset', { isUnanswered: true });
    return { data: { a: 1 } };
  });
  let number = 0;
  const reply = await open({ key: null, headers: () => ({ token: String(++number) }) }).call(query, never);
  expect([reply, sent]).toEqual([{ data: { a: 1 } }, [{ token: '1' }, { token: '2' }]]);
  expect(seen).toEqual([
    ['persons', 'retried'],
    ['persons', 'OK', true],
  ]);
});

test('what ends with errors, without an answer, or by joining another call, is counted as that', async () => {
  const answers = [{ errors: [{ message: 'no' }] }, new CallError('TOO_LARGE', 'too large'), { data: {} }];
  const { open, seen } = wayTo(async () => {
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  }, new Sharing());
  const caller = open({ key: 'ada' });
  await caller.call(query, never);
  await expect(caller.call(query, never)).rejects.toMatchObject({ fault: 'TOO_LARGE' });
  await Promise.all([caller.call(query, never), caller.call(query, never)]);
  expect(seen).toEqual([
    ['persons', 'ERROR', true],
    ['persons', 'TOO_LARGE', true],
    ['persons', 'joined'],
    ['persons', 'OK', true],
  ]);
});

test('a subgraph that nobody told the way to is not reached', async () => {
  const { open } = wayTo(async () => ({ data: {} }));
  for (const subgraph of ['programs', 'constructor', '__proto__'])
    await expect(open({ key: null }).call({ ...query, subgraph }, never)).rejects.toMatchObject({ fault: 'UNREACHABLE' });
});
