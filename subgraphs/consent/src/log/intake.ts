import { type Pool, single } from '@commonweal/kit';
import type { AuditRecord, Catalog } from '@commonweal/schema';
import { entryOf, type LogEntry } from './entry.ts';
import { FieldSets } from './field-sets.ts';

/** Records in one statement. */
const MOST = 500;
/** Statements under way at a time: while one waits for the disk, the next gathers what comes in. */
const AT_ONCE = 2;

// No RETURNING and no named conflict: either would need the right to read what was written. The last line makes the commit wait for the disk, whatever the server's default is.
const store = (sets: string) => `
  with ${sets}given as materialized (
    select * from jsonb_to_recordset($1::text::jsonb) as r (
      record_id uuid, at timestamptz, request_id text, consumer_id text, user_id text, on_behalf_of uuid, purpose_id text, lawful_basis text, agreements text[],
      operation_name text, operation_hash bytea, policy_epoch bigint, profile_digest bytea, field_set_id bytea, denied_set_id bytea, person_count integer,
      counts jsonb, searched bytea[], outcome text, leaf bytea, persons uuid[])
  ), records as (
    insert into access_log (record_id, at, request_id, consumer_id, user_id, on_behalf_of, purpose_id, lawful_basis, agreements, operation_name, operation_hash,
      policy_epoch, profile_digest, field_set_id, denied_set_id, person_count, counts, searched, outcome, leaf)
    select record_id, at, request_id, consumer_id, user_id, on_behalf_of, purpose_id, lawful_basis, agreements, operation_name, operation_hash,
      policy_epoch, profile_digest, field_set_id, denied_set_id, person_count, counts, searched, outcome, leaf from given on conflict do nothing
  ), persons as (
    insert into access_log_person (person_id, at, record_id, consumer_id, purpose_id, lawful_basis, field_set_id, outcome)
    select p.id, g.at, g.record_id, g.consumer_id, g.purpose_id, g.lawful_basis, g.field_set_id, g.outcome
    from given g cross join lateral unnest(g.persons) as p (id) on conflict do nothing
  )
  select set_config('synchronous_commit', 'on', true)`;
/** Few records bring a set of fields that is not stored yet. */
const STORE = store('');
const STORE_SETS = store(`sets as (
    insert into field_set (field_set_id, coordinates, categories)
    select id, coordinates, categories from jsonb_to_recordset($2::text::jsonb) as s (id bytea, coordinates text[], categories text[]) on conflict do nothing
  ), `);

interface Waiting {
  readonly entries: readonly LogEntry[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Stores access records durably. What several requests bring at the same time goes into one statement and one commit.
 * A record that is stored already is passed over, so that a repeat after a lost answer writes nothing twice.
 */
export class LogIntake {
  readonly #pool: Pool;
  readonly #fieldSets: FieldSets;
  #waiting: Waiting[] = [];
  #running = 0;

  constructor(pool: Pool, catalog: Catalog) {
    this.#pool = pool;
    this.#fieldSets = new FieldSets(catalog);
  }

  /** Resolves when the records are on disk. Rejects when any of them is not. */
  async add(records: readonly AuditRecord[]): Promise<void> {
    if (records.length === 0) return;
    const entries = records.map((r) => entryOf(r, this.#fieldSets));
    const done = new Promise<void>((resolve, reject) => this.#waiting.push({ entries, resolve, reject }));
    this.#next();
    await done;
  }

  #next(): void {
    if (this.#running >= AT_ONCE || this.#waiting.length === 0) return;
    this.#running += 1;
    void this.#serve(this.#take()).finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }

  async #serve(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#store(group.flatMap((w) => w.entries));
      for (const w of group) w.resolve();
    } catch (error) {
      await this.#storeApart(group, error);
    }
  }

  #take(): Waiting[] {
    let records = 0;
    let n = 0;
    while (n < this.#waiting.length && (n === 0 || records + this.#waiting[n]!.entries.length <= MOST))
      records += this.#waiting[n++]!.entries.length;
    return this.#waiting.splice(0, n);
  }

  /** One record that the database refuses must not fail the requests it happened to share a statement with. */
  async #storeApart(group: readonly Waiting[], error: unknown): Promise<void> {
    const isData = /^2[23]/.test(String((error as { code?: string }).code));
    if (group.length === 1 || !isData) {
      for (const w of group) w.reject(error);
      return;
    }
    for (const w of group) await this.#store(w.entries).then(w.resolve, w.reject);
  }

  async #store(entries: readonly LogEntry[]): Promise<void> {
    const sets = this.#fieldSets.missing(entries.flatMap((e) => e.sets));
    const setRows = sets.map((s) => ({ ...s, id: `\\x${s.id}` }));
    const rows = JSON.stringify(entries.map((e) => e.row));
    if (sets.length === 0) await single(this.#pool, STORE, [rows]);
    else await single(this.#pool, STORE_SETS, [rows, JSON.stringify(setRows)]);
    this.#fieldSets.stored(sets);
  }
}
