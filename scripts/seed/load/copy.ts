import type { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import postgres from 'postgres';
import type { LoadedTable } from './tables.ts';

/** Bytes that may wait for one table's socket before the generator pauses, and the level at which it goes on. */
const HIGH = 1 << 20;
const LOW = 1 << 18;

/** A COPY into one table that takes rows while they are made. Nothing of it is seen before `finish`; `abort` leaves nothing. */
export interface CopyStream {
  readonly table: LoadedTable;
  /** Sends rows and gives their length in bytes. Throws what PostgreSQL refused before. */
  write(rows: Buffer): number;
  /** Whether so much waits to be sent that the writer should wait for `drained`. */
  readonly isFull: boolean;
  drained(): Promise<void>;
  /** Ends the COPY and commits it. */
  finish(): Promise<void>;
  abort(): Promise<void>;
}

/**
 * Opens a COPY on a connection of its own, as the registry's migrator. `fresh` says that the table is empty and nothing refers to it:
 * then rows are written frozen, so that no vacuum has to read them all again.
 */
export async function openCopy(migratorUrl: string, table: LoadedTable, fresh: boolean): Promise<CopyStream> {
  const { registry, name, columns } = table;
  const sql = postgres(migratorUrl, {
    max: 1,
    // No array is read or written as a parameter here, and asking for their types costs a round trip.
    fetch_types: false,
    onnotice: () => {},
    connection: { search_path: `${registry},public`, application_name: 'commonweal seed' },
  });
  try {
    await sql.unsafe('begin');
    const [found] = await sql.unsafe<{ forced: boolean }[]>(
      `select relforcerowsecurity as forced from pg_class where oid = '${registry}.${name}'::regclass`,
    );
    const isForced = found?.forced === true;
    // COPY FROM is refused where row security applies, and it is forced on the owner. It comes back in the same transaction, which
    // holds the table's lock until then: nobody meets the table without it.
    if (isForced) await sql.unsafe(`alter table ${name} no force row level security`);
    if (fresh) await sql.unsafe(`truncate ${name}`);
    const query = sql.unsafe(`copy ${name} (${columns.join(', ')}) from stdin${fresh ? ' with (freeze)' : ''}`);
    const refusals = listenTo(query);
    return copyStream(sql, table, await query.writable(), isForced, refusals);
  } catch (error) {
    await sql.end({ timeout: 1 });
    throw error;
  }
}

/** Hears of what PostgreSQL refuses. */
interface Refusals {
  heard(error: Error): void;
}

/**
 * The driver settles a COPY's query when the stream is handed out, and drops an error that comes after the stream was ended; but it still calls
 * the query's `reject` with it.
 */
function listenTo(query: object): Refusals {
  const refusals: Refusals = { heard: () => {} };
  const settling = query as { reject(error: Error): void };
  const reject = settling.reject;
  settling.reject = (error) => {
    refusals.heard(error);
    reject(error);
  };
  return refusals;
}

function copyStream(sql: postgres.Sql, table: LoadedTable, stream: Writable, isForced: boolean, refusals: Refusals): CopyStream {
  let waiting = 0;
  let low = LOW;
  let failure: Error | null = null;
  let wake: (() => void) | null = null;
  const fail = (error: Error) => {
    failure ??= new Error(`Loading ${table.registry}.${table.name} failed: ${error.message}`, { cause: error });
    wake?.();
  };
  stream.on('error', fail);
  refusals.heard = fail;
  const throwFailure = () => {
    if (failure) throw failure;
  };
  return {
    table,
    get isFull() {
      return waiting > HIGH;
    },
    write(rows) {
      throwFailure();
      waiting += rows.length;
      stream.write(rows, () => {
        waiting -= rows.length;
        if (waiting < low) wake?.();
      });
      return rows.length;
    },
    async drained() {
      while (waiting >= low && !failure) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
      throwFailure();
    },
    async finish() {
      try {
        low = 1;
        await this.drained();
        stream.end();
        // The driver takes no statement until it has sent the end, which the stream does in a later turn.
        await setImmediate();
        // What PostgreSQL refuses at the very end has been heard of when the next statement fails, in a transaction that is aborted.
        const rest = isForced ? `alter table ${table.name} force row level security` : 'select 1';
        await sql.unsafe(rest).catch((error: Error) => fail(error));
        throwFailure();
        await sql.unsafe('commit');
      } finally {
        await sql.end({ timeout: 5 });
      }
    },
    async abort() {
      stream.on('error', () => {});
      stream.destroy(new Error('given up'));
      await sql.end({ timeout: 0 });
    },
  };
}
