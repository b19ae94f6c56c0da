import { randomUUID } from 'node:crypto';
import { type Db, emit } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { isCounted, isOpen, OPEN_STATES } from './enrollment.states.ts';

const open = sql.raw(`status in (${OPEN_STATES.map((x) => `'${x}'`).join(', ')})`);
/** Condition of an open enrollment, in the words of the unique index, so that PostgreSQL takes it for the arbiter. */
export const OPEN_CONDITION = open;

/** An enrollment whose state changes: internal ids, and the area as stored. */
export interface Changed {
  readonly person: string;
  readonly enrollment: string;
  readonly household: string | null;
  readonly program: string;
  readonly sensitive: boolean;
  readonly area: string;
}

/** A change of state. */
export interface Change {
  readonly from: string | null;
  readonly to: string;
  readonly on: string;
  readonly reason: string;
  readonly decision: string | null;
  readonly actor: string;
}

/**
 * Notes a change of state in the transaction that makes it: its history, what it changes in the counts, and the events for the other registries.
 * It must be the last step of the transaction, which from here on sees all rows of the person.
 */
export async function noteChange(db: Db, at: Changed, change: Change): Promise<void> {
  await db.all(sql`
    insert into enrollment_event (person_id, enrollment_id, event_id, program_id, sensitive, area_path, from_status, to_status, on_date, reason, decision, actor)
    values (${at.person}, ${at.enrollment}, ${randomUUID()}, ${at.program}, ${at.sensitive}, ${at.area}::ltree, ${change.from}, ${change.to}, ${change.on}, ${change.reason}, ${change.decision}, ${change.actor})`);
  const difference = Number(isCounted(change.to)) - Number(change.from !== null && isCounted(change.from));
  if (difference !== 0)
    await db.all(sql`insert into coverage_delta (program_id, area_path, change) values (${at.program}, ${at.area}::ltree, ${difference})`);
  await emit(db, 'enrollment.changed', at.person, { program: at.program, open: isOpen(change.to), household: at.household });
  await tellPrograms(db, at.person, at.household, at.area);
}

/**
 * Tells which programs know of a person: all in which they have or had an enrollment, and those in which their household has one. An office goes on
 * knowing whom it served. With a household, it is told of all who live there. The writer may know fewer rows, so those of the place are opened here.
 */
export async function tellPrograms(db: Db, person: string, household: string | null, area: string): Promise<void> {
  await db.all(sql`select set_config('access.person', ${person}, true), set_config('access.areas', ${area}, true), set_config('access.all_programs', 'on', true),
    set_config('access.programs', coalesce((select string_agg(program_id::text, ',') from program), ''), true)`);
  // Two programs that take somebody in at the same moment, themselves or with their household, tell it one after the other: the later list has both.
  await db.all(sql`
    select pg_advisory_xact_lock(hashtextextended(told.person_id::text, 2))
    from (select person_id from subject where person_id = ${person}::uuid or household_id = ${household}::uuid order by person_id) told`);
  const rows = await db.all<{ person: string; programs: string[] }>(sql`
    select s.person_id as person, coalesce(array_agg(distinct e.program_id order by e.program_id) filter (where e.program_id is not null), '{}') as programs
    from subject s left join enrollment e on e.person_id = s.person_id or e.household_id = s.household_id
    where s.person_id = ${person}::uuid or s.household_id = ${household}::uuid group by s.person_id order by s.person_id`);
  for (const row of rows) await emit(db, 'programs.known', row.person, { programs: row.programs });
}
