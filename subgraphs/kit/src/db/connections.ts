import type postgres from 'postgres';
import { Names } from './statement.ts';

/** A client of the driver that holds one connection at the most, and tells when it has closed. */
export type Client = (onClosed: () => void) => postgres.Sql;
/** A statement on its way. */
export type Sent = ReturnType<postgres.ReservedSql['unsafe']>;

/** The connection broke while it was used. */
export class ConnectionLost extends Error {
  readonly code = 'CONNECTION_CLOSED';

  constructor() {
    super('The connection to the database broke.');
  }
}

/**
 * A connection for transactions. It is reserved from the driver as long as it lives: the driver would open another one in the middle of a transaction, and send the
 * rest over that. What is sent over a reserved one that has broken may never be answered; so nothing is sent over it any more.
 */
export class Connection {
  /** Told when the connection breaks: of whoever uses it just now. */
  onBroken: (() => void) | null = null;
  readonly #client: postgres.Sql;
  readonly #reserved: postgres.ReservedSql;
  #isBroken = false;

  private constructor(client: postgres.Sql, reserved: postgres.ReservedSql) {
    this.#client = client;
    this.#reserved = reserved;
  }

  /** Connects. `lost` is told when the connection breaks. */
  static async open(client: Client, lost: (connection: Connection) => void): Promise<Connection> {
    let connection: Connection | undefined;
    const sql = client(() => {
      if (!connection || connection.#isBroken) return;
      connection.#isBroken = true;
      lost(connection);
      connection.onBroken?.();
      void connection.#end(0);
    });
    try {
      connection = new Connection(sql, await sql.reserve());
      return connection;
    } catch (error) {
      sql.end({ timeout: 0 }).catch(() => {});
      throw error;
    }
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Sends a statement now: behind those sent before, and without waiting for their answers. With a name the server keeps it prepared. */
  send(text: string, params: readonly unknown[] = [], isNamed = false): Sent {
    return this.#reserved.unsafe(text, params as never[], { prepare: isNamed }).execute();
  }

  /** Closes the connection: at once, or when what runs is done. */
  async close(how: 'at once' | 'in order'): Promise<void> {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#reserved.release();
    await this.#end(how === 'at once' ? 0 : 5);
  }

  async #end(timeout: number): Promise<void> {
    await this.#client.end({ timeout }).catch(() => {});
  }
}

interface Waiting {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The connections of a registry for transactions, which use them one after another. The driver's own pool takes longer to hand one out than a statement takes, and
 * hands them out in turns; here the one used last is used next, whose server process has all at hand.
 */
export class Connections {
  /** Which statements are prepared under a name, alike on all of them. */
  readonly names = new Names();
  readonly #client: Client;
  readonly #most: number;
  /** The one used last is the last. */
  readonly #free: Connection[] = [];
  readonly #waiting: Waiting[] = [];
  #count = 0;
  #isClosed = false;
  /** What is being ended while nobody waits for it: a number, because a set through which thousands pass keeps them alive for long. */
  #leaving = 0;
  readonly #told: (() => void)[] = [];

  constructor(client: Client, most: number) {
    this.#client = client;
    this.#most = most;
  }

  /** A connection that is free now. */
  takeFree(): Connection | undefined {
    return this.#free.pop();
  }

  /** A connection as soon as there is one: who comes first is served first. Rejects when none can be made. */
  take(): Promise<Connection> {
    if (this.#isClosed) return Promise.reject(new ConnectionLost());
    const free = this.takeFree();
    if (free) return Promise.resolve(free);
    if (this.#count < this.#most) return this.#open();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Takes back a connection. One of which it is not sure that it stands in no transaction any more is closed: nobody is to find another's settings. */
  give(connection: Connection, isClean: boolean): void {
    connection.onBroken = null;
    if (connection.isBroken) return;
    if (!isClean || this.#isClosed) {
      void connection.close(isClean ? 'in order' : 'at once');
      this.#gone();
      return;
    }
    const next = this.#waiting.shift();
    if (next) next.resolve(connection);
    else this.#free.push(connection);
  }

  /** Says that something is being ended while nobody waits for it; what is returned is to be called when it is. */
  leave(): () => void {
    this.#leaving += 1;
    return () => {
      this.#leaving -= 1;
      if (this.#leaving === 0) for (const tell of this.#told.splice(0)) tell();
    };
  }

  /** Waits until nothing is being ended any more and closes what is free; what is still used is closed when it is given back. */
  async close(): Promise<void> {
    while (this.#leaving > 0) await new Promise<void>((resolve) => this.#told.push(resolve));
    this.#isClosed = true;
    await Promise.all(this.#free.splice(0).map((connection) => connection.close('in order')));
  }

  async #open(): Promise<Connection> {
    this.#count += 1;
    try {
      return await Connection.open(this.#client, (lost) => this.#lose(lost));
    } catch (error) {
      this.#gone();
      throw error;
    }
  }

  #lose(lost: Connection): void {
    const at = this.#free.indexOf(lost);
    if (at >= 0) this.#free.splice(at, 1);
    this.#gone();
  }

  /** There is one less: somebody who waits for one may make another. */
  #gone(): void {
    this.#count -= 1;
    const next = this.#waiting.shift();
    if (next && !this.#isClosed) this.#open().then(next.resolve, next.reject);
    else next?.reject(new ConnectionLost());
  }
}
