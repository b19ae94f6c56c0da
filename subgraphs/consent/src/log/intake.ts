import { Grouped, type Pool, single } from '@commonweal/kit';
import type { AuditRecord, Catalog } from '@commonweal/schema';
import { entryOf, type LogEntry } from './entry.ts';
import { FieldSets } from './field-sets.ts';

/** Records in one statement. */
const MOST = 500;

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

/**
 * Stores access records durably. What several requests bring at the same time goes into one statement and one commit; while one waits for the disk, the next gathers
 * what comes in. A record that is stored already is passed over, so that a repeat after a lost answer writes nothing twice.
 */
export class LogIntake {
  readonly #pool: Pool;
  readonly #fieldSets: FieldSets;
  readonly #requests = new Grouped<readonly LogEntry[], void>({
    fits() {
      let records = 0;
      return (entries) => {
        if (records + entries.length > MOST) return false;
        records += entries.length;
        return true;
      };
    },
    serve: async (group) => {
      await this.#store(group.flat());
      return group.map(() => undefined);
    },
  });

  constructor(pool: Pool, catalog: Catalog) {
    this.#pool = pool;
    this.#fieldSets = new FieldSets(catalog);
  }

  /** Resolves when the records are on disk. Rejects when any of them is not. */
  async add(records: readonly AuditRecord[]): Promise<void> {
    if (records.length > 0) await this.#requests.add(records.map((r) => entryOf(r, this.#fieldSets)));
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
