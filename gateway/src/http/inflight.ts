import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '@commonweal/schema';

/** The requests that are being answered, each with what breaks it off. */
export class InFlight {
  // Places that are used again, in no set: a set that something is put into and taken out of for every request is copied over and over, and each of its
  // copies keeps alive what was in the one before, until the next great collection of garbage.
  readonly #running: ((() => void) | null)[] = [];
  readonly #free: number[] = [];
  #draining = false;

  /** Whether the gateway is stopping: what is under way is finished, nothing new is begun. */
  get draining(): boolean {
    return this.#draining;
  }

  get count(): number {
    return this.#running.length - this.#free.length;
  }

  /**
   * Runs the work of one request. The signal fires when the client goes away, when the time is over, and when the gateway can wait no longer.
   * Rejects with `ApiError` UNAVAILABLE when the work does not end by itself after that.
   */
  run<T>(response: ServerResponse, withinMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const controller = new AbortController();
      // The graph answers an aborted request by itself. One that does not is left behind, so that the client is not.
      const giveUp = () => {
        end();
        reject(new ApiError('UNAVAILABLE', 'The answer took too long.'));
      };
      const abort = () => {
        controller.abort();
        setTimeout(giveUp, GRACE_MS).unref();
      };
      const leave = () => {
        if (!response.writableEnded) abort();
      };
      const timer = setTimeout(abort, withinMs);
      const place = this.#free.pop() ?? this.#running.length;
      let isOver = false;
      const end = () => {
        if (isOver) return;
        isOver = true;
        this.#running[place] = null;
        this.#free.push(place);
        clearTimeout(timer);
        response.off('close', leave);
      };
      this.#running[place] = abort;
      response.on('close', leave);
      work(controller.signal).then(
        (value) => {
          end();
          resolve(value);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  }

  /** Begins to stop: resolves when nothing is under way any more, at the latest after `withinMs`, when the rest is broken off. */
  async drain(withinMs: number): Promise<void> {
    this.#draining = true;
    const giveUpAt = Date.now() + withinMs;
    while (this.count > 0 && Date.now() < giveUpAt) await sleep(20);
    for (const abort of this.#running) abort?.();
  }
}

const GRACE_MS = 500;
