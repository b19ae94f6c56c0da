import { expect, test } from 'vitest';
import { retried } from './retry.ts';
import { CallError } from './transport.fault.ts';

const reset = new CallError('UNREACHABLE', 'connection reset', { isUnanswered: true });
const query = { subgraph: 'persons', operation: 'query' } as const;
const mutation = { subgraph: 'persons', operation: 'mutation' } as const;
const never = new AbortController().signal;

/** How often a call is sent whose attempts fail with these errors. */
async function attempts(
  call: typeof query | typeof mutation,
  errors: readonly Error[],
  signal = never,
): Promise<[number, string[], string]> {
  let sent = 0;
  const counted: string[] = [];
  const attempt = async () => {
    const error = errors[sent++];
    if (error) throw error;
    return 'the answer';
  };
  const end = await retried(call, signal, attempt, { retried: (subgraph) => counted.push(subgraph) }).catch((e: Error) => e.message);
  return [sent, counted, end];
}

test('a query of which no byte of an answer came is sent once more, and counted', async () => {
  expect(await attempts(query, [reset])).toEqual([2, ['persons'], 'the answer']);
});

test('never a third time', async () => {
  expect(await attempts(query, [reset, reset])).toEqual([2, ['persons'], 'connection reset']);
});

test('a mutation is sent once: it may have been done', async () => {
  expect(await attempts(mutation, [reset])).toEqual([1, [], 'connection reset']);
});

test('what was answered, or timed out, or is no fault of a connection, is not asked again', async () => {
  const others = [
    new CallError('BROKEN_OFF', 'broke'),
    new CallError('TIMEOUT', 'late'),
    new CallError('NOT_GRAPHQL', 'html'),
    new Error('bug'),
  ];
  for (const error of others) expect(await attempts(query, [error])).toEqual([1, [], error.message]);
});

test('nothing is sent again for nobody', async () => {
  expect(await attempts(query, [reset], AbortSignal.abort())).toEqual([1, [], 'connection reset']);
});
