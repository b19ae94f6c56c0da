import type { KeyObject } from 'node:crypto';
import type { Pool } from '@commonweal/kit';
import { BATCH, sealLag, sealOnce } from './sealer.ts';

/** Told when sealing or measuring failed; it is tried again. */
export type SealFault = (error: unknown) => void;

/** How the sealing goes. */
export interface SealWatchOptions {
  readonly key: KeyObject;
  /** Milliseconds between two batches; 0: this process does not seal. */
  readonly every: number;
  /** The oldest that a record without a seal may be, in milliseconds. */
  readonly limit: number;
  readonly onFault: SealFault;
}

/** Seals each second, and knows how far the sealing is behind: of all processes, since the measure is taken in the database. */
export class SealWatch {
  readonly #pool: Pool;
  readonly #options: SealWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #lag = 0;
  #measuredAt = 0;
  #measuring: Promise<void> | null = null;
  #turn: Promise<void> | null = null;
  #first: Promise<void> | null;

  constructor(pool: Pool, options: SealWatchOptions) {
    this.#pool = pool;
    this.#options = options;
    // What was left without a seal when the system was stopped has grown old meanwhile, through no fault of the sealing: it is sealed before anything is judged.
    // Another process may be at it just now: then it is waited for.
    this.#first = this.#tick('wait').finally(() => {
      this.#first = null;
    });
    this.#timer = setInterval(() => void this.#tick(), options.every || 1000).unref();
  }

  /** Throws when records have waited too long for their seal, or when that is not known. */
  async assertSealed(): Promise<void> {
    if (this.#first) await this.#first;
    if (this.#isStale()) await this.measure();
    // Another process may have caught up since.
    if (this.#lag > this.#options.limit) await this.measure();
    if (this.#lag > this.#options.limit) throw new Error(`The access log has not been sealed for ${Math.round(this.#lag / 1000)} s.`);
  }

  /** Seals what there is: one batch, or more while they are full. Returns the number of records. */
  async sealNow(whenBusy: 'leave' | 'wait' = 'leave'): Promise<number> {
    let total = 0;
    for (let n = BATCH; n === BATCH; total += n) n = await sealOnce(this.#pool, this.#options.key, whenBusy);
    return total;
  }

  /** Measures how far the sealing is behind. One question at a time. */
  measure(): Promise<void> {
    this.#measuring ??= sealLag(this.#pool)
      .then((lag) => {
        this.#lag = lag;
        this.#measuredAt = Date.now();
      })
      .finally(() => {
        this.#measuring = null;
      });
    return this.#measuring;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
  }

  #isStale(): boolean {
    return Date.now() - this.#measuredAt > Math.min(this.#options.limit, 5000);
  }

  async #tick(whenBusy: 'leave' | 'wait' = 'leave'): Promise<void> {
    if (this.#turn) return;
    this.#turn = (this.#options.every > 0 ? this.sealNow(whenBusy) : Promise.resolve(0))
      .then(() => this.measure())
      .catch(this.#options.onFault);
    await this.#turn;
    this.#turn = null;
  }
}
