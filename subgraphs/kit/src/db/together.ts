import { Grouped } from './grouped.ts';
import type { Pool } from './pool.ts';
import type { Opening } from './settings.ts';
import { type Compiled, filled } from './statement.ts';
import { Transaction } from './transaction.ts';

/** Rows of values in one statement. */
const MOST = 100;

/** What requests bring to a statement that many of them share. */
export type Values = Readonly<Record<string, unknown>>;

/** A statement over lists of values, one element for each request: it gives one row for each, in their order. */
export interface SharedStatement {
  readonly statement: Compiled;
  readonly mode: Opening['mode'];
  /** Names the value under which requests come one after another, each seeing what the ones before it have done. */
  readonly lock?: string;
}

/**
 * Runs one statement for several requests at a time, which all stand under the same decision and so under the same settings. Most of what a short statement costs the
 * server is its beginning and end, and these are shared.
 */
export class Together {
  readonly #pool: Pool;
  readonly #opening: Opening;
  readonly #shared: SharedStatement;
  readonly #requests = new Grouped<Values, unknown>({ fits: () => this.#fitting(), serve: (group) => this.#run(group) });

  constructor(pool: Pool, opening: Opening, shared: SharedStatement) {
    this.#pool = pool;
    this.#opening = opening;
    this.#shared = shared;
  }

  /** Gives the row of one request. */
  add<T>(values: Values): Promise<T> {
    return this.#requests.add(values) as Promise<T>;
  }

  /** Two under the same lock do not go together: the second is to see what the first has done. */
  #fitting(): (values: Values) => boolean {
    const { lock } = this.#shared;
    const locked = new Set<unknown>();
    let many = 0;
    return (values) => {
      if (many === MOST || (lock !== undefined && locked.has(values[lock]))) return false;
      many += 1;
      if (lock !== undefined) locked.add(values[lock]);
      return true;
    };
  }

  #run(group: readonly Values[]): Promise<unknown[]> {
    const { statement, lock } = this.#shared;
    const lists: Record<string, unknown[]> = {};
    for (const name of Object.keys(group[0]!)) lists[name] = group.map((values) => values[name]);
    // In one order everywhere: of two who wait for each other's locks none would ever get them.
    const locks = lock === undefined ? undefined : (lists[lock] as string[]).toSorted();
    return Transaction.alone(this.#pool.shared, { ...this.#opening, locks }, filled(statement, lists));
  }
}
