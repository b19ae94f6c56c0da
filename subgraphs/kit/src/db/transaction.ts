import type { Pool } from './pool.ts';
import { type Opening, PLAN_MODES, settingStatement } from './settings.ts';
import { type Compiled, Names, type Planned, type Runnable, toRun } from './statement.ts';

type Connection = Awaited<ReturnType<Pool['reserve']>>;
type Driver = { onclose: (() => void) | null };
type Sent = ReturnType<Connection['unsafe']>;

/** The connection broke while a transaction was open. */
export class ConnectionLost extends Error {
  readonly code = 'CONNECTION_CLOSED';
}

const namesOf = new WeakMap<Pool, Names>();
/** Transactions that are being ended while nobody waits for it, by pool. */
const ending = new WeakMap<Pool, Set<Promise<void>>>();

/** Resolves when no transaction of a pool is being ended any more; before that the pool should not be closed. */
export const allLeft = async (pool: Pool): Promise<void> => void (await Promise.all([...(ending.get(pool) ?? [])]));

/**
 * A transaction on a connection of its own. The driver does not notice that a connection taken out of the pool has broken: what is sent over it
 * afterwards waits for ever or ends the process. So nothing is sent over it any more, and it is not given back; the pool replaces it by itself.
 */
export class Transaction {
  /** Settles when the transaction is open under its settings; statements need not wait for it. */
  readonly opened: Promise<unknown>;
  readonly #pool: Pool;
  readonly #names: Names;
  readonly #connection: Connection;
  readonly #broken: Promise<never>;
  #planned: Planned;
  #isBroken = false;
  #driver: Driver | null = null;
  /** Statements that have not been answered. */
  readonly #under = new Set<Sent>();
  #cancelling: Promise<unknown> | null = null;

  private constructor(pool: Pool, connection: Connection, opening: Opening) {
    this.#pool = pool;
    this.#connection = connection;
    this.#planned = opening.planned;
    this.#names = namesOf.get(pool) ?? new Names();
    namesOf.set(pool, this.#names);
    const { promise, reject } = Promise.withResolvers<never>();
    this.#broken = promise;
    const onclose = () => {
      this.#isBroken = true;
      reject(new ConnectionLost('The connection to the database broke.'));
    };
    const onexecute = (driver: Driver) => {
      this.#driver = Object.assign(driver, { onclose });
      return true;
    };
    // Queries start when they are awaited; `execute` starts this one now, so that it is on its way before the settings, which hold within it.
    const begun = connection.unsafe(`begin ${opening.mode}`, [], { onexecute } as object).execute();
    const set = settingStatement(opening);
    this.opened = Promise.all([begun, connection.unsafe(set.text, set.params, { prepare: true }).execute()]);
    for (const settling of [this.opened, this.#broken]) settling.catch(() => {});
  }

  /** Takes a connection and opens a transaction on it; does not wait until it is open. */
  static async begin(pool: Pool, opening: Opening): Promise<Transaction> {
    return new Transaction(pool, await pool.reserve(), opening);
  }

  /** Runs one statement as a whole transaction and gives its rows: beginning, settings, statement and commit go out together. */
  static async alone<T>(pool: Pool, opening: Opening, statement: Compiled): Promise<T[]> {
    const transaction = await Transaction.begin(pool, opening);
    const rows = transaction.run<T>(statement);
    // A commit after a statement that failed undoes everything, as a rollback would.
    const ended = transaction.end('commit');
    return (await Promise.all([rows, ended]))[0];
  }

  /** Runs one statement and gives its rows. What is called without waiting in between goes out together, in that order. */
  async run<T>(statement: Runnable): Promise<T[]> {
    if (this.#isBroken) return this.#broken;
    try {
      return (await Promise.race([this.#send(toRun(statement)), this.#broken])) as T[];
    } catch (error) {
      // "The transaction is aborted" says nothing of why: when opening it failed, that is the reason to tell.
      if ((error as { code?: string }).code === '25P02') await this.opened;
      throw error;
    }
  }

  #send({ text, params, planned }: Compiled): Promise<unknown> {
    if (planned !== this.#planned) {
      this.#planned = planned;
      // Goes out right before the statement, in the same breath.
      this.#connection
        .unsafe(`set local plan_cache_mode = ${PLAN_MODES[planned]}`)
        .execute()
        .catch(() => {});
    }
    const sent = this.#connection.unsafe(text, params as never[], { prepare: this.#names.isNamed(text) }).execute();
    this.#under.add(sent);
    const answered = () => void this.#under.delete(sent);
    sent.then(answered, answered);
    return sent;
  }

  /** Has the server break off what runs: it fails, and only the end is left to be done. */
  cancel(): void {
    const [running] = this.#under;
    if (this.#isBroken || !running) return;
    // The driver tells the server over a connection of its own, and gives a promise of that which its types do not know.
    this.#cancelling ??= Promise.resolve(running.cancel() as unknown).catch(() => {});
  }

  /** Ends the transaction and gives the connection back, without any setting. Throws when a commit fails. */
  async end(how: 'commit' | 'rollback'): Promise<void> {
    try {
      // Else it could meet what comes next on this connection.
      await this.#cancelling;
      if (this.#isBroken) return await this.#broken;
      await Promise.race([this.#connection.unsafe(how).execute(), this.#broken]);
    } finally {
      if (!this.#isBroken) {
        if (this.#driver) this.#driver.onclose = null;
        this.#connection.release();
      }
    }
  }

  /** Ends the transaction without anybody waiting for it: for one that has only read, whose end changes nothing for whoever asked. */
  leave(how: 'commit' | 'rollback'): void {
    const all = ending.get(this.#pool) ?? new Set();
    ending.set(this.#pool, all);
    const left: Promise<void> = this.end(how)
      .catch(() => {})
      .then(() => void all.delete(left));
    all.add(left);
  }
}
