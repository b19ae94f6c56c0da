import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Pool } from './session.ts';

type Connection = Awaited<ReturnType<Pool['reserve']>>;
const dialect = new PgDialect();

/** The connection broke while a transaction was open. */
export class ConnectionLost extends Error {
  readonly code = 'CONNECTION_CLOSED';
}

/**
 * A transaction on a connection of its own. The driver does not notice that a connection taken out of the pool has broken: what is sent over it
 * afterwards waits for ever or ends the process. So nothing is sent over it any more, and it is not given back; the pool replaces it by itself.
 */
export class Transaction {
  /** Settles when the transaction is open under its settings; statements need not wait for it. */
  readonly opened: Promise<unknown>;
  readonly #connection: Connection;
  readonly #broken: Promise<never>;
  #isBroken = false;
  #driver: { onclose: (() => void) | null } | null = null;

  private constructor(connection: Connection, mode: 'read only' | 'read write', settings: Readonly<Record<string, string>>) {
    this.#connection = connection;
    const { promise, reject } = Promise.withResolvers<never>();
    this.#broken = promise;
    const onclose = () => {
      this.#isBroken = true;
      reject(new ConnectionLost('The connection to the database broke.'));
    };
    const onexecute = (driver: { onclose: (() => void) | null }) => {
      this.#driver = Object.assign(driver, { onclose });
      return true;
    };
    // Queries start when they are awaited; `execute` starts this one now, so that it is on its way before the settings, which hold within it.
    const begun = connection.unsafe(`begin ${mode}`, [], { onexecute } as object).execute();
    const list = sql.join(
      Object.entries(settings).map(([k, v]) => sql`set_config(${k}, ${v}, true)`),
      sql`, `,
    );
    this.opened = Promise.all([begun, this.run(sql`select ${list}`)]);
    for (const settled of [this.opened, this.#broken]) settled.catch(() => {});
  }

  /** Takes a connection and opens a transaction on it; does not wait until it is open. */
  static async begin(pool: Pool, mode: 'read only' | 'read write', settings: Readonly<Record<string, string>>): Promise<Transaction> {
    return new Transaction(await pool.reserve(), mode, settings);
  }

  /** Runs one statement and gives its rows. */
  async run<T>(statement: SQL): Promise<T[]> {
    if (this.#isBroken) return this.#broken;
    const { sql: text, params } = dialect.sqlToQuery(statement);
    try {
      return (await Promise.race([this.#connection.unsafe(text, params as never[], { prepare: true }), this.#broken])) as unknown as T[];
    } catch (error) {
      // "The transaction is aborted" says nothing of why: when opening it failed, that is the reason to tell.
      if ((error as { code?: string }).code === '25P02') await this.opened;
      throw error;
    }
  }

  /** Ends the transaction and gives the connection back, without any setting. Throws when a commit fails. */
  async end(how: 'commit' | 'rollback'): Promise<void> {
    try {
      if (this.#isBroken) return await this.#broken;
      await Promise.race([this.#connection.unsafe(how), this.#broken]);
    } finally {
      if (!this.#isBroken) {
        if (this.#driver) this.#driver.onclose = null;
        this.#connection.release();
      }
    }
  }
}
