import { ApiError } from '@commonweal/schema';
import type { Pool } from './pool.ts';
import type { Opening, Settings } from './settings.ts';
import { type Planned, type Runnable, toRun } from './statement.ts';
import { type SharedStatement, Together, type Values } from './together.ts';
import { Transaction } from './transaction.ts';

/** Something that runs statements: a session, or the transaction of a write. */
export interface Db {
  /** Runs one statement and gives its rows, columns named as in the statement. */
  all<T = Record<string, unknown>>(statement: Runnable): Promise<T[]>;
}

/** Longest that a statement may take. */
const TIMEOUTS = { 'read only': '8s', 'read write': '15s' };

/** A statement that nobody waits for is broken off when it runs for longer than this: telling the server takes a connection. */
const MOMENT_MS = 20;
const GIVEN_UP = () => new ApiError('TIMEOUT', 'The request was given up.');

/**
 * The statements of one request to a registry: one read transaction, opened with the first statement, under the row settings of the decision.
 * `end()` or `leave()` must be called; then the connection goes back without any setting.
 */
export class RowSession implements Db {
  statements = 0;
  readonly #pool: Pool;
  readonly #settings: Settings;
  #reading: Promise<Transaction> | null = null;
  /** The transaction behind `#reading`, once it has its connection. */
  #open: Transaction | null = null;
  #failed = false;
  #running = 0;
  #ended = false;
  #givenUp = false;
  /** Rejects when the request is given up. */
  #untilGivenUp: Promise<never> | null = null;
  #stopListening = () => {};

  constructor(pool: Pool, settings: Settings) {
    this.#pool = pool;
    this.#settings = settings;
  }

  async all<T = Record<string, unknown>>(statement: Runnable): Promise<T[]> {
    const compiled = toRun(statement);
    this.#starts();
    this.#running += 1;
    this.#reading ??= Transaction.begin(this.#pool.connections, this.#opening('read only', compiled.planned));
    try {
      this.#open ??= await this.#reading;
      if (this.#givenUp) throw GIVEN_UP();
      return await this.#open.run<T>(compiled);
    } catch (error) {
      this.#failed = true;
      throw this.#givenUp ? GIVEN_UP() : error;
    } finally {
      this.#running -= 1;
    }
  }

  /**
   * Gives up reading when a signal aborts, because nobody waits any more: no further statement is begun, one that runs for longer than a moment is broken off, and
   * what was read is rolled back. A write is not touched: it is either not begun, or done. For queries only.
   */
  stopWith(signal: AbortSignal): void {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.#untilGivenUp = promise;
    const giveUp = () => {
      this.#givenUp = true;
      reject(GIVEN_UP());
      this.#failed = true;
      const reading = this.#reading;
      setTimeout(() => this.#running > 0 && this.#reading === reading && this.#open?.cancel(), MOMENT_MS).unref();
    };
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    this.#stopListening = () => signal.removeEventListener('abort', giveUp);
  }

  /** Makes a statement that requests under this session's decision share; see `Together`. To be kept from one request to the next under the decision's digest. */
  sharing(shared: SharedStatement): Together {
    return new Together(this.#pool, this.#opening(shared.mode, shared.statement.planned), shared);
  }

  /** The row that a shared statement gives for this request: all that it reads, or writes, in that transaction. A request that is given up does not wait for it. */
  async together<T>(statement: Together, values: Values): Promise<T> {
    this.#starts();
    if (this.#reading && this.#running === 0) await this.#stopReading();
    const row = statement.add<T>(values);
    return this.#untilGivenUp ? Promise.race([row, this.#untilGivenUp]) : row;
  }

  /** Runs a write in a transaction of its own and commits it. Throws what `work` throws, after a rollback. */
  async write<T>(work: (db: Db) => Promise<T>, settings = this.#settings): Promise<T> {
    // Not two connections for one request where one will do: as many requests as the pool is large would wait for each other.
    if (this.#running === 0) await this.#stopReading();
    const writing = await Transaction.begin(this.#pool.connections, this.#opening('read write', 'by value', settings));
    let result: T;
    try {
      await writing.opened;
      result = await work({
        all: (s) => {
          this.statements += 1;
          return writing.run(s);
        },
      });
    } catch (error) {
      await writing.end('rollback').catch(() => {});
      throw error;
    }
    await writing.end('commit');
    return result;
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#stopListening();
    await this.#stopReading();
  }

  /** Ends what was read, without waiting for the database to say so. */
  leave(): void {
    this.#ended = true;
    this.#stopListening();
    const open = this.#open;
    if (!open || this.#running > 0) {
      if (this.#reading) void this.#stopReading();
      return;
    }
    this.#reading = null;
    this.#open = null;
    open.leave(this.#failed ? 'rollback' : 'commit');
  }

  #starts(): void {
    // A resolver that is late, after its answer was given up: nobody would give its connection back.
    if (this.#ended) throw new Error('The request has ended.');
    if (this.#givenUp) throw GIVEN_UP();
    this.statements += 1;
  }

  #opening(mode: Opening['mode'], planned: Planned, settings = this.#settings): Opening {
    return { mode, settings, timeout: TIMEOUTS[mode], planned };
  }

  async #stopReading(): Promise<void> {
    const begun = this.#reading;
    this.#reading = null;
    this.#open = null;
    const reading = await begun?.catch(() => null);
    await reading?.end(this.#failed ? 'rollback' : 'commit').catch(() => {});
    this.#failed = false;
  }
}
