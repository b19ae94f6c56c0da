import { FINAL_STATES } from './fields.ts';
import { sqlId } from './ids.ts';
import type { Mapping } from './mapping.ts';
import { type Provenance, provenance } from './persons.write.ts';
import { quoted } from './refusing.ts';
import type { Session } from './session.ts';
import type { Tallies } from './tally.ts';
import { fedColumns, refreshTakenOn, upsert } from './upsert.ts';

const final = FINAL_STATES.map(quoted).join(', ');

/** Writes programs. A program that has become sensitive, or no longer is, takes its enrollments along. */
export async function writePrograms(session: Session, mapping: Mapping, from: Provenance, tallies: Tallies): Promise<void> {
  const values = { program_id: 's.id', ...provenance(from), ...fedColumns(mapping, 'programs') };
  await upsert(
    session,
    { table: 'program', stage: 'in_program', key: ['program_id'], values, silent: ['source_taken_on'] },
    tallies.programs,
  );
  await refreshTakenOn(session, 'program', 'in_program', 'program_id', from.takenOn);
  for (const table of ['enrollment', 'enrollment_event', 'benefit']) {
    await session.run(
      `update ${table} e set sensitive = p.sensitive from in_program s join program p on p.program_id = s.id where e.program_id = p.program_id and e.sensitive <> p.sensitive`,
    );
  }
}

/** Takes over where persons live from the table `in_subject`, and moves what stands in programs for those who moved, with the counts. */
export async function writeSubjects(session: Session): Promise<void> {
  await session.run(`
    insert into subject as t (person_id, household_id, area_path) select person_id, household_id, area_path from in_subject
    on conflict (person_id) do update set household_id = excluded.household_id, area_path = excluded.area_path
    where row(t.household_id, t.area_path) is distinct from row(excluded.household_id, excluded.area_path)`);
  await session.run(`
    with moved as (
      update enrollment e set area_path = j.area_path, updated_at = now()
      from in_subject j join enrollment b on b.person_id = j.person_id and b.area_path <> j.area_path
      where e.person_id = b.person_id and e.enrollment_id = b.enrollment_id returning e.program_id, e.status, b.area_path as left_area, j.area_path as new_area
    )
    insert into coverage_delta (program_id, area_path, change)
    select program_id, place, sum(change) from moved, lateral (values (left_area, -1), (new_area, 1)) as d(place, change) where status = 'ENROLLED' group by 1, 2 having sum(change) <> 0`);
  for (const table of ['enrollment_event', 'benefit']) {
    await session.run(
      `update ${table} e set area_path = j.area_path from in_subject j where e.person_id = j.person_id and e.area_path <> j.area_path`,
    );
  }
}

// Reasons that are noted where the source tells none.
const REASONS = `case status when 'APPLIED' then 'APPLICATION' when 'WAITLISTED' then 'NO_PLACE' when 'ENROLLED' then 'CRITERIA_MET' when 'SUSPENDED' then 'CONDITIONS_NOT_MET'
  when 'AWAITING_RENEWAL' then 'RECERTIFICATION_DUE' when 'GRADUATED' then 'IMPROVED' when 'DECEASED' then 'DEATH' when 'NOT_ELIGIBLE' then 'CRITERIA_NOT_MET' when 'DUPLICATED' then 'DUPLICATE' else 'PROGRAM_END' end`;

/** Writes enrollments, the history of their states and the changes of the counts. */
export async function writeEnrollments(session: Session, mapping: Mapping, from: Provenance, tallies: Tallies): Promise<void> {
  // The day of the state: as told; for an ended one the last day, if it has come.
  await session.run(
    `
    update in_enrollment s set status_since = coalesce(s.status_since,
      case when s.existed and s.old_status = s.status then (select e.status_since from enrollment e where e.person_id = s.person and e.enrollment_id = s.id) end,
      case when s.status in (${final}) and s.ends_on <= $1::text::date then s.ends_on end,
      case when s.existed then $1::text::date end, s.starts_on),
      reason = coalesce(s.reason, ${REASONS})
    where s.refused is null`,
    [from.takenOn],
  );
  await writeHistory(session, from);
  const values = {
    person_id: 's.person',
    enrollment_id: 's.id',
    household_id: 's.household',
    program_id: 's.program_id',
    sensitive: 's.sensitive',
    area_path: 's.area_path',
    status: 's.status',
    status_since: 's.status_since',
    ...provenance(from),
    ...fedColumns(mapping, 'enrollments'),
  };
  // What ends goes first, so that the place of a person in a program is free for what begins.
  const ending = {
    table: 'enrollment',
    stage: `(select * from in_enrollment where status in (${final}))`,
    key: ['person_id', 'enrollment_id'],
    values,
    silent: ['source_taken_on'],
    onChange: 'updated_at = now()',
  };
  await upsert(session, ending, tallies.enrollments);
  await upsert(session, { ...ending, stage: `(select * from in_enrollment where status not in (${final}))` }, tallies.enrollments);
  await refreshTakenOn(session, 'enrollment', 'in_enrollment', 'enrollment_id', from.takenOn);
  await session.run(`insert into enrollment_event (person_id, enrollment_id, event_id, program_id, sensitive, area_path, from_status, to_status, on_date, reason, actor)
    select person_id, enrollment_id, event_id, program_id, sensitive, area_path, from_status, to_status, on_date, reason, ${quoted(`import:${from.source}`)} from new_event on conflict do nothing`);
  await session.run(`
    insert into coverage_delta (program_id, area_path, change)
    select program_id, area_path, sum((status = 'ENROLLED')::int - (coalesce(old_status, '') = 'ENROLLED')::int) from in_enrollment where refused is null
    group by 1, 2 having sum((status = 'ENROLLED')::int - (coalesce(old_status, '') = 'ENROLLED')::int) <> 0`);
}

// The source tells the state of today. A state that cannot be the first one has another before it, from the first day on.
async function writeHistory(session: Session, from: Provenance): Promise<void> {
  const first = `case when status in ('APPLIED', 'WAITLISTED', 'ENROLLED') then status when status in ('NOT_ELIGIBLE', 'DUPLICATED') then 'APPLIED' else 'ENROLLED' end`;
  const event = `person as person_id, id as enrollment_id, program_id, sensitive, area_path`;
  await session.run(`
    create temporary table new_event as
    select ${event}, null::text as from_status, ${first} as to_status, case when ${first} = status then status_since else least(starts_on, status_since) end as on_date,
      case when ${first} = status then reason when ${first} = 'APPLIED' then 'APPLICATION' else 'CRITERIA_MET' end as reason
    from in_enrollment where refused is null and not existed
    union all
    select ${event}, ${first}, status, status_since, reason from in_enrollment where refused is null and not existed and ${first} <> status
    union all
    select ${event}, old_status, status, status_since, reason from in_enrollment where refused is null and existed and old_status <> status`);
  await session.run(`alter table new_event add column event_id uuid`);
  await session.run(
    `update new_event set event_id = ${sqlId(`enrollment_id::text || coalesce(from_status, '') || to_status || on_date || ${quoted(from.takenOn)}`)}`,
  );
}

/** Works out, in the table `known`, which programs know of everybody who may be concerned: of enrollments of their own in any state, and of the household they live in. */
export async function workOutKnown(session: Session): Promise<void> {
  await session.run(`
    create temporary table known as
    select k.person_id, coalesce(array_agg(distinct e.program_id order by e.program_id) filter (where e.program_id is not null), '{}') as program_ids
    from (
      select person_id from in_subject union select person from in_enrollment where refused is null
      union select j.person_id from in_enrollment s join subject j on j.household_id = s.household where s.refused is null and s.household is not null
    ) k
    left join subject j on j.person_id = k.person_id
    left join lateral (
      select program_id from enrollment e where e.person_id = k.person_id
      union all select program_id from enrollment e where e.household_id = j.household_id
    ) e on true
    group by k.person_id`);
}
