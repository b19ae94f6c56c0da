import { is, Placeholder, type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { Bounded } from '../bounded.ts';

const dialect = new PgDialect();

/**
 * How PostgreSQL is to plan a statement. `by key`: one plan for all values, made once for each connection; right where an index on a key finds the rows
 * whatever the values are, and planning would cost more than running. `by value`: planned each time for the values at hand; right for lists and counts,
 * where a plan for just any area or program would sort a country for a page of it.
 */
export type Planned = 'by key' | 'by value';

/** A statement with its text worked out, and places for the values of a request. */
export interface Compiled {
  readonly text: string;
  readonly params: readonly unknown[];
  /** Places for values: index among the params, and name. */
  readonly slots: readonly (readonly [at: number, name: string])[];
  readonly planned: Planned;
}

/** What can be run: drizzle's SQL, whose text is worked out anew each time and which is planned by value, or a statement compiled before. */
export type Runnable = SQL | Compiled;

/** Works out the text of a statement. `slot(name)` in it is a place that `filled` puts a value into. */
export function compile(statement: SQL, planned: Planned): Compiled {
  const { sql: text, params } = dialect.sqlToQuery(statement);
  const slots = params.flatMap((param, at) => (is(param, Placeholder) ? [[at, param.name] as const] : []));
  return { text, params, slots, planned };
}

/** A place for a value of the request in a statement that is compiled once for many requests. */
export const slot = (name: string) => sql.placeholder(name);

/** A compiled statement with the values of a request in its places. Throws for a place that gets none. */
export function filled(statement: Compiled, values: Readonly<Record<string, unknown>>): Compiled {
  const params = [...statement.params];
  for (const [at, name] of statement.slots) {
    if (values[name] === undefined) throw new Error(`no value for ${name}`);
    params[at] = values[name];
  }
  return { ...statement, params, slots: [] };
}

/** A statement as it is run. */
export const toRun = (statement: Runnable): Compiled => ('text' in statement ? statement : compile(statement, 'by value'));

/** Texts that get a name on the server, for each pool: a connection keeps what it was told a name for until it closes. */
const MOST_NAMED = 500;
/** Times a text is met before it gets one: a filter that one caller made up, once, leaves nothing behind. */
const MET = 3;

/** Decides which statements are prepared under a name. However many shapes callers make up, no connection keeps more than a fixed number. */
export class Names {
  readonly #named = new Set<string>();
  readonly #met = new Bounded<string, number>(2000);
  readonly #most: number;

  constructor(most = MOST_NAMED) {
    this.#most = most;
  }

  /** Whether a text is to be prepared under a name, which saves parsing and, `by key`, planning. */
  isNamed(text: string): boolean {
    if (this.#named.has(text)) return true;
    if (this.#named.size >= this.#most) return false;
    const times = (this.#met.get(text) ?? 0) + 1;
    if (times < MET) {
      this.#met.set(text, times);
      return false;
    }
    this.#named.add(text);
    return true;
  }
}
