import type { Pool } from './pool.ts';
import type { Opening } from './settings.ts';
import { type Compiled, filled } from './statement.ts';
import { Transaction } from './transaction.ts';

/** Rows of values in one statement. */
const MOST = 100;
/** Statements under way at a time: what comes in meanwhile goes with the next. */
const AT_ONCE = 2;

/** What requests bring to a statement that many of them share. */
export type Values = Readonly<Record<string, unknown>>;

/** A statement over lists of values, one element for each request: it gives one row for each, in their order. */
export interface SharedStatement {
  readonly statement: Compiled;
  readonly mode: Opening['mode'];
  /** Names the value under which requests come one after another, each seeing what the ones before it have done. */
  readonly lock?: string;
}

interface Waiting {
  readonly values: Values;
  readonly resolve: (row: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs one statement for several requests at a time, which all stand under the same decision and so under the same settings. Whoever comes alone is served at once;
 * who comes while others are served goes with the next statement. Most of what a short statement costs the server is its beginning and end, and these are shared.
 */
export class Together {
  readonly #pool: Pool;
  readonly #opening: Opening;
  readonly #shared: SharedStatement;
  #waiting: Waiting[] = [];
  #running = 0;

  constructor(pool: Pool, opening: Opening, shared: SharedStatement) {
    this.#pool = pool;
    this.#opening = opening;
    this.#shared = shared;
  }

  /** Gives the row of one request. */
  add<T>(values: Values): Promise<T> {
    const row = new Promise<T>((resolve, reject) => this.#waiting.push({ values, resolve, reject }));
    this.#next();
    return row;
  }

  #next(): void {
    if (this.#running >= AT_ONCE || this.#waiting.length === 0) return;
    this.#running += 1;
    void this.#serve(this.#take()).finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }

  /** Those who go together. Two under the same lock do not: the second is to see what the first has done. */
  #take(): Waiting[] {
    const { lock } = this.#shared;
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    const locked = new Set<unknown>();
    for (const one of this.#waiting) {
      const key = lock === undefined ? null : one.values[lock];
      if (taken.length === MOST || locked.has(key)) left.push(one);
      else {
        taken.push(one);
        if (lock !== undefined) locked.add(key);
      }
    }
    this.#waiting = left;
    return taken;
  }

  async #serve(group: readonly Waiting[]): Promise<void> {
    try {
      const rows = await this.#run(group);
      if (rows.length !== group.length) throw new Error('A statement for several requests must give one row for each.');
      for (const [n, { resolve }] of group.entries()) resolve(rows[n]!);
    } catch (error) {
      // A value that the database refuses must not fail the requests that it happened to go with.
      const isData = /^2[23]/.test(String((error as { code?: string }).code));
      if (group.length > 1 && isData) for (const one of group) await this.#serve([one]);
      else for (const { reject } of group) reject(error);
    }
  }

  #run(group: readonly Waiting[]): Promise<never[]> {
    const { statement, lock } = this.#shared;
    const lists: Record<string, unknown[]> = {};
    for (const name of Object.keys(group[0]!.values)) lists[name] = group.map(({ values }) => values[name]);
    // In one order everywhere: of two who wait for each other's locks none would ever get them.
    const locks = lock === undefined ? undefined : (lists[lock] as string[]).toSorted();
    return Transaction.alone<never>(this.#pool, { ...this.#opening, locks }, filled(statement, lists));
  }
}
