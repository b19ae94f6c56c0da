import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { abortedBy, onAbort, openDeadline, untilAborted } from './deadline.ts';

test('an operation ends when its time is up, or when its client is gone, and the signal says which', async () => {
  const late = openDeadline(20);
  await new Promise<void>((resolve) => onAbort(late.signal, resolve));
  expect(late.signal.reason).toMatchObject({ fault: 'TIMEOUT' });

  const client = new AbortController();
  const left = openDeadline(10_000, client.signal);
  expect(left.signal.aborted).toBe(false);
  client.abort();
  expect(left.signal.reason).toMatchObject({ fault: 'ABORTED' });
  left.clear();
  expect(openDeadline(10_000, client.signal).signal.reason).toMatchObject({ fault: 'ABORTED' });
});

test('an operation that is over lets go of its client and of its timer', async () => {
  const client = new AbortController();
  const deadline = openDeadline(20, client.signal);
  expect(getEventListeners(client.signal, 'abort').length).toBe(1);
  deadline.clear();
  expect(getEventListeners(client.signal, 'abort').length).toBe(0);
  await sleep(40);
  expect(deadline.signal.aborted).toBe(false);
});

test('the reason of any signal is told as one of ours', () => {
  expect(abortedBy(AbortSignal.abort())).toMatchObject({ fault: 'ABORTED' });
  expect(abortedBy(AbortSignal.abort(new DOMException('late', 'TimeoutError')))).toMatchObject({ fault: 'TIMEOUT' });
});

test('work that does not listen is left behind, and leaves nothing behind', async () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 1000; i++) await untilAborted(Promise.resolve(i), signal);
  await untilAborted(Promise.reject(new Error('failed')), signal).catch(() => {});
  expect(getEventListeners(signal, 'abort').length).toBe(0);
  const controller = new AbortController();
  const waiting = untilAborted(new Promise(() => {}), controller.signal);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ fault: 'ABORTED' });
});
