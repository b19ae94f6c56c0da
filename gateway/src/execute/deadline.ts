import { CallError } from './transport.fault.ts';

/** A signal that says when to stop, and how to be done with it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Lets go of the timer and of the client's signal. To be called when the operation is over, whatever came of it. */
  clear(): void;
}

/** Opens the one signal of an operation: it aborts when the time is up, and when the client is gone. Its reason is a `CallError` that says which. */
export function openDeadline(ms: number, client?: AbortSignal): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new CallError('TIMEOUT', `the operation took longer than ${ms} ms`)), ms);
  const stopListening = client ? onAbort(client, () => controller.abort(new CallError('ABORTED', 'the client is gone'))) : nothing;
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      stopListening();
    },
  };
}

/** Calls back once when a signal aborts, at once when it has already. Returns how to stop listening: whoever listens must, or a long-lived signal collects listeners. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener();
    return nothing;
  }
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

/** Why a signal was aborted, as an error of a call: the operation's time was up, or nobody waits for the answer. */
export const abortedBy = (signal: AbortSignal): CallError =>
  signal.reason instanceof CallError
    ? signal.reason
    : isTimeout(signal.reason)
      ? new CallError('TIMEOUT', 'the time was up', { cause: signal.reason })
      : new CallError('ABORTED', 'nobody waits for the answer', { cause: signal.reason });

/** Waits for work, but no longer than until the signal aborts: work that does not listen to it is left behind. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => reject(abortedBy(signal)));
    work.then(
      (value) => {
        stopListening();
        resolve(value);
      },
      (error: unknown) => {
        stopListening();
        reject(error);
      },
    );
  });
}

const isTimeout = (reason: unknown): boolean => reason instanceof Error && reason.name === 'TimeoutError';

const nothing = () => {};
