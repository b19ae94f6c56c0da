import postgres from 'postgres';
import type { Settings } from './settings.ts';
import { type Compiled, type Planned, type Runnable, toRun } from './statement.ts';
import { Transaction } from './transaction.ts';

/** A pool of connections of one registry's app role. */
export type Pool = ReturnType<typeof openPool>;

/** Days stay days and moments become ISO texts: no Date objects, whose zone would be the machine's. */
const types = {
  day: { to: 1082, from: [1082], serialize: (x: string) => x, parse: (x: string) => x },
  moment: { to: 1184, from: [1184], serialize: (x: string) => x, parse: (x: string) => new Date(x).toISOString() },
};

/** Opens the pool of a registry: its own schema is on the path, nothing else but extensions. `onStatement` is told the text of each statement. */
export function openPool(url: string, schema: string, max = 16, onStatement?: (text: string) => void) {
  return postgres(url, {
    max,
    types,
    ...(onStatement ? { debug: (_connection: number, text: string) => onStatement(text) } : {}),
    onnotice: () => {},
    connection: { search_path: `${schema},public`, application_name: `commonweal ${schema}` },
    idle_timeout: 0,
  });
}

/** Something that runs statements: a session, or the transaction of a write. */
export interface Db {
  /** Runs one statement and gives its rows, columns named as in the statement. */
  all<T = Record<string, unknown>>(statement: Runnable): Promise<T[]>;
}

/** Longest that a statement may take. */
const READ_TIMEOUT = '8s';
const WRITE_TIMEOUT = '15s';

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

  constructor(pool: Pool, settings: Settings) {
    this.#pool = pool;
    this.#settings = settings;
  }

  async all<T = Record<string, unknown>>(statement: Runnable): Promise<T[]> {
    const compiled = toRun(statement);
    this.#starts();
    this.#running += 1;
    this.#reading ??= this.#begin('read only', compiled.planned);
    try {
      this.#open ??= await this.#reading;
      return await this.#open.run<T>(compiled);
    } catch (error) {
      this.#failed = true;
      throw error;
    } finally {
      this.#running -= 1;
    }
  }

  /** Runs a statement that is all that this request reads: beginning, settings, statement and end go out together. */
  async only<T = Record<string, unknown>>(statement: Compiled): Promise<T[]> {
    if (this.#reading) return this.all(statement);
    this.#starts();
    return this.#alone('read only', this.#settings, [statement]);
  }

  /** Runs statements that are all of a write, in a transaction of their own that is committed: everything goes out together. Gives the rows of the last one. */
  async writeAlone<T>(...statements: readonly Compiled[]): Promise<T[]> {
    for (const _ of statements) this.#starts();
    if (this.#running === 0) await this.#stopReading();
    return this.#alone('read write', this.#settings, statements);
  }

  async #alone<T>(mode: 'read only' | 'read write', settings: Settings, statements: readonly Compiled[]): Promise<T[]> {
    const transaction = await this.#begin(mode, statements[0]!.planned, settings);
    const all = Promise.all(statements.map((s) => transaction.run<T>(s)));
    // A commit after a statement that failed undoes everything, as a rollback would.
    const ended = transaction.end('commit');
    const [rows] = await Promise.all([all, ended]);
    return rows.at(-1)!;
  }

  /** Runs a write in a transaction of its own and commits it. Throws what `work` throws, after a rollback. */
  async write<T>(work: (db: Db) => Promise<T>, settings = this.#settings): Promise<T> {
    // Not two connections for one request where one will do: as many requests as the pool is large would wait for each other.
    if (this.#running === 0) await this.#stopReading();
    const writing = await this.#begin('read write', 'by value', settings);
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
    await this.#stopReading();
  }

  /** Ends what was read, without waiting for the database to say so. */
  leave(): void {
    this.#ended = true;
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
    this.statements += 1;
  }

  #begin(mode: 'read only' | 'read write', planned: Planned, settings = this.#settings): Promise<Transaction> {
    return Transaction.begin(this.#pool, { mode, settings, timeout: mode === 'read only' ? READ_TIMEOUT : WRITE_TIMEOUT, planned });
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
