import { type Connection, ConnectionLost, type Connections, type Sent } from './connections.ts';
import type { Pool } from './pool.ts';
import { type Opening, PLAN_MODES, settingStatement } from './settings.ts';
import { type Compiled, type Planned, type Runnable, toRun } from './statement.ts';

/** What the driver's types do not know of a statement. */
interface Cancellable {
  /** Whether the server is at it, and not at one before it. */
  readonly active: boolean;
  /** Has it broken off, over a connection of its own. Resolves when the server has been told. */
  readonly canceller: (sent: Sent) => Promise<unknown>;
}

/**
 * Where in the server an error comes from that the driver hides: a prepared statement does not fit any more, because a table has changed or somebody between has
 * forgotten it. The driver tells the server anew, behind all that went out meanwhile: behind the end of the transaction, and so under no settings, or even in between
 * what the next one sends, whose answers it then takes for one another.
 */
const TOLD_ANEW: ReadonlySet<unknown> = new Set(['FetchPreparedStatement', 'RevalidateCachedQuery', 'transformAssignedExpr']);

/** A transaction on a connection of its own. */
export class Transaction {
  /** Settles when the transaction is open under its settings; statements need not wait for it. */
  readonly opened: Promise<unknown>;
  readonly #connections: Connections;
  readonly #connection: Connection;
  #planned: Planned;
  /** Statements that have not been answered, and who waits for each. */
  readonly #under: { readonly sent: Sent; readonly reject: (error: unknown) => void }[] = [];
  #cancelling: Promise<unknown> | null = null;
  #isOver = false;
  /** The driver has told the server something anew: which answer is whose is not sure any more. */
  #isMixedUp = false;

  private constructor(connections: Connections, connection: Connection, opening: Opening) {
    this.#connections = connections;
    this.#connection = connection;
    this.#planned = opening.planned;
    connection.onBroken = () => this.#lose(this.#under.length);
    // Whatever the server's default is: each statement sees what was committed before it, which those that wait for a lock count on.
    const begun = this.#send(`begin isolation level read committed ${opening.mode}`);
    const set = settingStatement(opening);
    this.opened = Promise.all([begun, this.#send(set.text, set.params, true)]);
    this.opened.catch(() => {});
  }

  /** Takes a connection and opens a transaction on it; does not wait until it is open. */
  static async begin(connections: Connections, opening: Opening): Promise<Transaction> {
    return new Transaction(connections, connections.takeFree() ?? (await connections.take()), opening);
  }

  /** Runs one statement as a whole transaction and gives its rows: beginning, settings, statement and commit go out together. */
  static async alone<T>(connections: Connections, opening: Opening, statement: Compiled): Promise<T[]> {
    const transaction = await Transaction.begin(connections, opening);
    const rows = transaction.run<T>(statement);
    // A commit after a statement that failed undoes everything, as a rollback would.
    const ended = transaction.end('commit');
    return (await Promise.all([rows, ended]))[0];
  }

  /** Runs one statement and gives its rows. What is called without waiting in between goes out together, in that order. */
  async run<T>(statement: Runnable): Promise<T[]> {
    const { text, params, planned } = toRun(statement);
    // Whoever comes next has the connection by now, or nobody has it: then the statement would stand outside of any transaction.
    if (this.#isOver) throw new Error('The transaction has ended.');
    // The driver would take it for sent, and wait for the answer in place of what goes out next.
    if (params.includes(undefined)) throw new Error('A statement has no value for one of its places.');
    if (planned !== this.#planned && !this.#connection.isBroken) {
      this.#planned = planned;
      // Goes out right before the statement, in the same breath.
      this.#send(`set local plan_cache_mode = ${PLAN_MODES[planned]}`).catch(() => {});
    }
    try {
      return (await this.#send(text, params, this.#connections.names.isNamed(text))) as T[];
    } catch (error) {
      // "The transaction is aborted" says nothing of why: when opening it failed, that is the reason to tell.
      if ((error as { code?: string }).code === '25P02') await this.opened;
      throw error;
    }
  }

  /** Has the server break off what runs: it fails, and only the end is left to be done. */
  cancel(): void {
    const [running] = this.#under;
    if (this.#connection.isBroken || this.#cancelling || !running) return;
    // The driver's own `cancel` keeps its promise to itself: nobody could wait for it, and when the server cannot be told, its rejection would end the process.
    const { active, canceller } = running.sent as unknown as Cancellable;
    if (active) this.#cancelling = canceller(running.sent).catch(() => {});
  }

  /** Ends the transaction and gives the connection back, without any setting. Throws when a commit fails. */
  async end(how: 'commit' | 'rollback'): Promise<void> {
    this.#isOver = true;
    let isEnded = false;
    try {
      // Else it could meet what comes next on this connection.
      if (this.#cancelling) await this.#cancelling;
      await this.#send(how);
      isEnded = true;
    } finally {
      this.#connections.give(this.#connection, isEnded && !this.#isMixedUp);
    }
  }

  /** Ends the transaction without anybody waiting for it: for one that has only read, whose end changes nothing for whoever asked. */
  leave(how: 'commit' | 'rollback'): void {
    const left = this.#connections.leave();
    this.end(how).then(left, left);
  }

  /** The answer to a statement, which is on its way when this returns. When the connection breaks it may never come: then this rejects. */
  #send(text: string, params?: readonly unknown[], isNamed?: boolean): Promise<unknown> {
    if (this.#connection.isBroken) return Promise.reject(new ConnectionLost());
    return new Promise((resolve, reject) => {
      const sent = this.#connection.send(text, params, isNamed);
      const under = { sent, reject };
      this.#under.push(under);
      sent.then(
        (rows) => {
          const at = this.#under.indexOf(under);
          // What went out before it is sent again.
          if (at > 0) this.#mixUp(at);
          if (at >= 0) this.#under.shift();
          resolve(rows);
        },
        (error: unknown) => {
          if (TOLD_ANEW.has((error as { routine?: unknown }).routine)) this.#mixUp(this.#under.length);
          const at = this.#under.indexOf(under);
          if (at >= 0) this.#under.splice(at, 1);
          reject(error);
        },
      );
    });
  }

  #mixUp(many: number): void {
    this.#isMixedUp = true;
    this.#lose(many);
  }

  /** Tells those who have waited longest that no answer comes. */
  #lose(many: number): void {
    for (const { reject } of this.#under.splice(0, many)) reject(new ConnectionLost());
  }
}

/** Runs one statement by itself, in no request and under no settings: what rows are for requests only, it does not see. */
export async function single<T = Record<string, unknown>>(
  { connections }: Pick<Pool, 'connections'>,
  text: string,
  params: readonly unknown[] = [],
): Promise<T[]> {
  const connection = connections.takeFree() ?? (await connections.take());
  try {
    return (await connection.send(text, params, true)) as unknown as T[];
  } finally {
    connections.give(connection, true);
  }
}
