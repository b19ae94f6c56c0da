import type { Db, EventHandlers } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { confirm } from './verification/attempt.ts';

/** Sets one of the lists of those who know of a person, and the household's, which is the union over its members. */
async function setKnown(db: Db, person: string, column: 'program_ids' | 'provider_ids', ids: readonly string[]): Promise<void> {
  const name = sql.raw(column);
  const [before] = await db.all<{ household_id: string | null }>(sql`select household_id from person where person_id = ${person}`);
  if (before?.household_id) await lock(db, before.household_id);
  const [row] = await db.all<{ household_id: string | null; area: string }>(
    sql`update person set ${name} = ${sql.param([...ids])}::uuid[] where person_id = ${person} returning household_id, area_path::text as area`,
  );
  if (!row?.household_id) return;
  if (row.household_id !== before?.household_id) await lock(db, row.household_id);
  // The union needs the other members' rows: those of this household's area are seen for the rest of this transaction.
  await db.all(
    sql`select set_config('access.areas', ${row.area}, true), set_config('access.all_programs', 'on', true), set_config('access.all_providers', 'on', true)`,
  );
  await db.all(
    sql`update household set ${name} = (select coalesce(array_agg(distinct x), '{}') from person p, unnest(p.${name}) x where p.household_id = ${row.household_id}) where household_id = ${row.household_id}`,
  );
}

/** Before its members are read: of two that change at the same time the later one must see what the first one wrote. */
const lock = (db: Db, household: string) => db.all(sql`select 1 from household where household_id = ${household} for update`);

const ids = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

/** What the persons registry does when it hears of the others. */
export const eventHandlers: EventHandlers = {
  'programs.known': (db, event) => setKnown(db, event.subject, 'program_ids', ids(event.payload.programs)),
  'providers.known': (db, event) => setKnown(db, event.subject, 'provider_ids', ids(event.payload.providers)),
  'verifications.confirmed': (db, event) => confirm(db, event.payload.items),
};
