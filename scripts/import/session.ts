import type { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { SubgraphName } from '@commonweal/schema/subgraphs.ts';
import postgres from 'postgres';

/** One connection to a registry, as the owner of its tables; temporary tables stay as long as it is open. */
export class Session {
  readonly registry: SubgraphName;
  readonly #sql: postgres.Sql;
  #isOpen = false;

  constructor(registry: SubgraphName, migratorUrl: string) {
    this.registry = registry;
    this.#sql = postgres(migratorUrl, {
      // One connection that is never exchanged for another: temporary tables and the transaction are its own.
      max: 1,
      max_lifetime: null,
      idle_timeout: 0,
      onnotice: () => {},
      fetch_types: false,
      // An import that is killed shall not go on in the server.
      connection: {
        search_path: `${registry},public`,
        application_name: 'commonweal import',
        statement_timeout: 0,
        work_mem: '64MB',
        client_connection_check_interval: '5s',
      } as never,
    });
  }

  /** Runs one statement. Values that are not constants of the program come as parameters. */
  async run<T = Record<string, unknown>>(text: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return (parameters.length === 0 ? await this.#sql.unsafe(text) : await this.#sql.unsafe(text, parameters as never[])) as unknown as T[];
  }

  /** The one number that a statement gives. */
  async count(text: string, parameters: readonly unknown[] = []): Promise<number> {
    const [row] = await this.run<{ n: string | number }>(text, parameters);
    return Number(row?.n ?? 0);
  }

  /** Rows of a statement, a thousand at a time. */
  async *pages<T>(text: string): AsyncGenerator<T[]> {
    for await (const rows of this.#sql.unsafe(text).cursor(1000)) yield rows as unknown as T[];
  }

  /** Puts lines in COPY's text format into a table. */
  async copyIn(table: string, columns: readonly string[], lines: string): Promise<void> {
    const { into, refused } = await this.#intake(table, columns);
    into.end(lines);
    await Promise.race([finished(into), refused]);
  }

  /** Carries the rows of a statement here into a table there, without holding them. */
  async carry(query: string, to: Session, table: string, columns: readonly string[]): Promise<void> {
    const from: Readable = await this.#sql.unsafe(`copy (${query}) to stdout`).readable();
    const { into, refused } = await to.#intake(table, columns);
    await Promise.race([pipeline(from, into), refused]);
  }

  /**
   * Where lines for a table go, and what rejects when the server does not take them. Once all are sent the driver tells that to nobody but its own query, which it has
   * answered by then: the stream would not end, and the import wait for ever.
   */
  async #intake(table: string, columns: readonly string[]): Promise<{ into: Writable; refused: Promise<never> }> {
    const copy = this.#sql.unsafe(`copy ${table} (${columns.join(', ')}) from stdin`);
    const into = await copy.writable();
    const { promise: refused, reject } = Promise.withResolvers<never>();
    refused.catch(() => {});
    (copy as unknown as { reject: typeof reject }).reject = reject;
    return { into, refused };
  }

  /** Begins a transaction, unless one is open. */
  async begin(): Promise<void> {
    if (!this.#isOpen) await this.run('begin');
    this.#isOpen = true;
  }

  async commit(): Promise<void> {
    await this.run('commit');
    this.#isOpen = false;
  }

  /** Takes back what was written since `begin`, if anything. */
  async rollback(): Promise<void> {
    if (this.#isOpen) await this.run('rollback');
    this.#isOpen = false;
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }
}
