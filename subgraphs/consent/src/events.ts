import type { Db, EventHandlers, RegistryEvent } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { consentRecord, subject } from './record/record.table.ts';

/** Area of a person whose registration was not heard of yet: no area covers it. The registries tell independently of each other. */
const NOWHERE = '';

async function place(db: Db, event: RegistryEvent): Promise<void> {
  const area = String(event.payload.area);
  await db.all(
    sql`insert into ${subject} (person_id, area_path) values (${event.subject}, ${area}::ltree) on conflict (person_id) do update set area_path = excluded.area_path`,
  );
  await db.all(sql`update ${consentRecord} set area_path = ${area}::ltree where person_id = ${event.subject}`);
}

type KnownBy = 'program_ids' | 'provider_ids';

/** Sets all programs or providers that know of a person. */
async function setKnown(db: Db, event: RegistryEvent, by: KnownBy, ids: unknown): Promise<void> {
  const column = sql.identifier(by);
  const list = sql`${sql.param(Array.isArray(ids) ? ids.map(String) : [])}::uuid[]`;
  await db.all(sql`
    insert into ${subject} (person_id, area_path, ${column}) values (${event.subject}, ${NOWHERE}::ltree, ${list}) on conflict (person_id) do update set ${column} = excluded.${column}`);
}

/** What this registry does when another tells of a person. */
export const onEvents: EventHandlers = {
  'person.registered': place,
  'person.moved': place,
  'programs.known': (db, event) => setKnown(db, event, 'program_ids', event.payload.programs),
  'providers.known': (db, event) => setKnown(db, event, 'provider_ids', event.payload.providers),
};
