import type { Db, EventHandlers, RegistryEvent } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { tellPrograms } from './enrollment.writing.ts';

/** Where a person lives now: kept here, and put on all rows of theirs, whose visibility follows it. The counts move along. */
async function placed(db: Db, { subject, payload }: RegistryEvent): Promise<void> {
  const { area, household } = payload as { area: string; household: string | null };
  await db.all(sql`
    insert into subject (person_id, household_id, area_path) values (${subject}, ${household}, ${area}::ltree)
    on conflict (person_id) do update set household_id = excluded.household_id, area_path = excluded.area_path`);
  await db.all(sql`
    with before as (
      select person_id, enrollment_id, area_path from enrollment where person_id = ${subject}::uuid and area_path <> ${area}::ltree for update
    ), moved as (
      update enrollment e set area_path = ${area}::ltree, updated_at = now() from before b
      where e.person_id = b.person_id and e.enrollment_id = b.enrollment_id returning e.program_id, e.status, b.area_path as left_area
    )
    insert into coverage_delta (program_id, area_path, change)
    select program_id, place, change from moved, lateral (values (left_area, -1), (${area}::ltree, 1)) as d(place, change) where status = 'ENROLLED'`);
  await db.all(
    sql`update enrollment_event set area_path = ${area}::ltree where person_id = ${subject}::uuid and area_path <> ${area}::ltree`,
  );
  await db.all(sql`update benefit set area_path = ${area}::ltree where person_id = ${subject}::uuid and area_path <> ${area}::ltree`);
  // Another household: other programs may know of the person through it.
  await tellPrograms(db, subject, null, area);
}

/** What the programs registry does when the persons registry tells of somebody. */
export const onEvents: EventHandlers = { 'person.registered': placed, 'person.moved': placed };
