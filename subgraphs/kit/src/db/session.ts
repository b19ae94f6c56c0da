import type { Decision } from '@commonweal/schema';
import type { SQL } from 'drizzle-orm';
import postgres from 'postgres';
import { Transaction } from './transaction.ts';

/** A pool of connections of one registry's app role. */
export type Pool = ReturnType<typeof openPool>;

/** Days stay days and moments become ISO texts: no Date objects, whose zone would be the machine's. */
const types = {
  day: { to: 1082, from: [1082], serialize: (x: string) => x, parse: (x: string) => x },
  moment: { to: 1184, from: [1184], serialize: (x: string) => x, parse: (x: string) => new Date(x).toISOString() },
};

/**
 * Opens the pool of a registry: its own schema is on the path, nothing else but extensions. `onStatement` is told the text of each statement.
 * Statements are planned for the values they are run with: a plan for just any area or program would sort a country for a page of it.
 */
export function openPool(url: string, schema: string, max = 16, onStatement?: (text: string) => void) {
  return postgres(url, {
    max,
    types,
    ...(onStatement ? { debug: (_connection: number, text: string) => onStatement(text) } : {}),
    onnotice: () => {},
    connection: { search_path: `${schema},public`, application_name: `commonweal ${schema}`, plan_cache_mode: 'force_custom_plan' },
    idle_timeout: 0,
  });
}

/** Something that runs statements: a session, or the transaction of a write. */
export interface Db {
  /** Runs one statement and gives its rows, columns named as in the statement. */
  all<T = Record<string, unknown>>(statement: SQL): Promise<T[]>;
}

/** The settings that row-level security reads: the widest rows that any alternative of the decision covers. Empty means no rows. */
export function rowSettings(decision: Decision): Record<string, string> {
  const rows = decision.alternatives.map((a) => a.rows);
  const wide = rows.filter((r) => r.self === null);
  return {
    'access.person': rows.find((r) => r.self !== null)?.self ?? '',
    'access.areas': [...new Set(wide.flatMap((r) => r.areas))].join(','),
    'access.programs': [...new Set(wide.flatMap((r) => r.programs))].join(','),
    'access.all_programs': wide.some((r) => r.allOrdinaryPrograms) ? 'on' : '',
    'access.providers': [...new Set(wide.flatMap((r) => r.providers))].join(','),
    'access.all_providers': wide.some((r) => r.allProviders) ? 'on' : '',
    'access.consumer': decision.consumer,
    'access.audit_all': decision.alternatives.some((a) => a.actions.has('audit.all')) ? 'on' : '',
  };
}

/** Settings under which exactly one person's rows are seen: for applying what another registry tells of them. */
export const settingsForPerson = (person: string): Record<string, string> => ({
  'access.person': person,
  'access.areas': '',
  'access.programs': '',
  'access.all_programs': '',
  'access.providers': '',
  'access.all_providers': '',
  'access.consumer': '',
  'access.audit_all': '',
});

/**
 * The statements of one request to a registry: one read transaction, opened with the first statement, under the row settings of the decision.
 * `end()` must be called; then the connection goes back without any setting.
 */
export class RowSession implements Db {
  statements = 0;
  readonly #pool: Pool;
  readonly #settings: Record<string, string>;
  #reading: Promise<Transaction> | null = null;
  #failed = false;
  #running = 0;
  #ended = false;

  constructor(pool: Pool, settings: Record<string, string>) {
    this.#pool = pool;
    this.#settings = settings;
  }

  async all<T = Record<string, unknown>>(statement: SQL): Promise<T[]> {
    // A resolver that is late, after its answer was given up: nobody would give its connection back.
    if (this.#ended) throw new Error('The request has ended.');
    this.statements += 1;
    this.#running += 1;
    this.#reading ??= Transaction.begin(this.#pool, 'read only', { ...this.#settings, statement_timeout: '8s' });
    try {
      return await (await this.#reading).run<T>(statement);
    } catch (error) {
      this.#failed = true;
      throw error;
    } finally {
      this.#running -= 1;
    }
  }

  /** Runs a write in a transaction of its own and commits it. Throws what `work` throws, after a rollback. */
  async write<T>(work: (db: Db) => Promise<T>, settings = this.#settings): Promise<T> {
    // Not two connections for one request where one will do: as many requests as the pool is large would wait for each other.
    if (this.#running === 0) await this.#stopReading();
    const writing = await Transaction.begin(this.#pool, 'read write', { ...settings, statement_timeout: '15s' });
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

  async #stopReading(): Promise<void> {
    const begun = this.#reading;
    this.#reading = null;
    const reading = await begun?.catch(() => null);
    await reading?.end(this.#failed ? 'rollback' : 'commit').catch(() => {});
    this.#failed = false;
  }
}
