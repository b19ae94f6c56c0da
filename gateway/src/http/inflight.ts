import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '@commonweal/schema';

/** The requests that are being answered, each with the signal that breaks it off. */
export class InFlight {
  readonly #running = new Set<AbortController>();
  #draining = false;

  /** Whether the gateway is stopping: what is under way is finished, nothing new is begun. */
  get draining(): boolean {
    return this.#draining;
  }

  get count(): number {
    return this.#running.size;
  }

  /**
   * Runs the work of one request. The signal fires when the client goes away, when the time is over, and when the gateway can wait no longer.
   * Rejects with `ApiError` UNAVAILABLE when the work does not end by itself after that.
   */
  async run<T>(response: ServerResponse, withinMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const leave = () => {
      if (!response.writableEnded) abort();
    };
    response.once('close', leave);
    const timer = setTimeout(abort, withinMs);
    this.#running.add(controller);
    try {
      return await Promise.race([work(controller.signal), aborted(controller.signal)]);
    } finally {
      this.#running.delete(controller);
      clearTimeout(timer);
      response.off('close', leave);
    }
  }

  /** Begins to stop: resolves when nothing is under way any more, at the latest after `withinMs`, when the rest is broken off. */
  async drain(withinMs: number): Promise<void> {
    this.#draining = true;
    const giveUpAt = Date.now() + withinMs;
    while (this.#running.size > 0 && Date.now() < giveUpAt) await sleep(20);
    for (const controller of this.#running) controller.abort();
  }
}

const GRACE_MS = 500;

// The graph answers an aborted request by itself. One that does not is left behind, so that the client is not.
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = () => setTimeout(() => reject(new ApiError('UNAVAILABLE', 'The answer took too long.')), GRACE_MS).unref();
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}
