import { FINAL_STATES } from './fields.ts';
import { quoted, refuse, refuseRepeated } from './refusing.ts';
import type { Session } from './session.ts';
import { STAGES } from './staging.ts';

const KEY_AGAIN = { column: '', class: 'text', reason: 'the key is that of an earlier row' };
const final = FINAL_STATES.map(quoted).join(', ');

/** Looks at staged programs together with those that are there. */
export async function resolvePrograms(session: Session): Promise<void> {
  await refuseRepeated(session, STAGES.programs, ['id'], 'true', KEY_AGAIN);
  await refuseRepeated(session, STAGES.programs, ['code'], 'true', {
    column: 'code',
    class: 'text',
    reason: 'the code is that of an earlier program',
  });
  await refuse(session, STAGES.programs, 'exists (select 1 from program p where p.code = s.code and p.program_id <> s.id)', {
    column: 'code',
    class: 'text',
    reason: 'another program of the registry has this code; give those of this source a prefix',
  });
}

/**
 * Looks at staged enrollments together with programs and persons, which must be written before. Temporary table `household_head`: who stands
 * for the households that they name.
 */
export async function resolveEnrollments(session: Session): Promise<void> {
  const stage = STAGES.enrollments;
  await refuseRepeated(session, stage, ['id'], 'true', KEY_AGAIN);
  await session.run(
    `update in_enrollment s set program_id = p.program_id, sensitive = p.sensitive, target = p.target from program p where p.program_id = s.program or p.code = s.program_code`,
  );
  await refuse(session, stage, 's.program_id is null', {
    column: 'program',
    class: 'text',
    reason: 'there is no such program in this import or here',
  });
  await session.run(
    `update in_enrollment s set person = h.head from household_head h where h.household_id = s.household and s.person is null`,
  );
  await refuse(
    session,
    stage,
    's.household is not null and s.person is null and not exists (select 1 from household_head h where h.household_id = s.household)',
    { column: 'household', class: 'text', reason: 'there is no such household in this import or here' },
  );
  await refuse(session, stage, 's.person is null', {
    column: 'household',
    class: 'text',
    reason: 'the household has no head to stand for it',
  });
  await refuse(session, stage, "s.target = 'PERSON' and s.household is not null", {
    column: 'household',
    class: 'text',
    reason: 'the program enrolls persons',
  });
  await session.run(
    `update in_enrollment s set area_path = j.area_path, household = case when s.target = 'HOUSEHOLD' then coalesce(s.household, j.household_id) end from subject j where j.person_id = s.person and s.refused is null`,
  );
  await refuse(session, stage, 's.area_path is null', {
    column: 'person',
    class: 'text',
    reason: 'there is no such person in this import or here',
  });
  await refuse(session, stage, "s.target = 'HOUSEHOLD' and s.household is null", {
    column: 'person',
    class: 'text',
    reason: 'the program enrolls households, and the person lives in none',
  });
  await resolveEarlier(session);
  await refuseSecondOpen(session);
}

async function resolveEarlier(session: Session): Promise<void> {
  const stage = STAGES.enrollments;
  // Who stands for a household may have changed since; the enrollment stays where it was made.
  await session.run(
    `update in_enrollment s set person = e.person_id from enrollment e where e.enrollment_id = s.id and s.target = 'HOUSEHOLD' and e.household_id = s.household and s.refused is null`,
  );
  await refuse(session, stage, 'exists (select 1 from enrollment e where e.enrollment_id = s.id and e.person_id <> s.person)', {
    column: 'person',
    class: 'text',
    reason: 'an earlier import had this enrollment with another person',
  });
  await refuse(session, stage, 'exists (select 1 from enrollment e where e.enrollment_id = s.id and e.program_id <> s.program_id)', {
    column: 'program',
    class: 'text',
    reason: 'an earlier import had this enrollment in another program',
  });
  await session.run(
    `update in_enrollment s set existed = true, old_status = e.status, old_area = e.area_path from enrollment e where e.enrollment_id = s.id and e.person_id = s.person and s.refused is null`,
  );
  await refuse(
    session,
    stage,
    's.existed and s.old_status <> s.status and not exists (select 1 from allowed_transition a where a.from_status = s.old_status and a.to_status = s.status)',
    { column: 'status', class: 'code', reason: 'the state here may not be followed by this one' },
  );
  await session.run(`update in_enrollment set refused_class = 'code "' || status || '"' where refused_class = 'code'`);
}

async function refuseSecondOpen(session: Session): Promise<void> {
  const why = { column: 'status', class: 'text', reason: 'the person has another open enrollment in this program' };
  await refuseRepeated(session, STAGES.enrollments, ['person', 'program_id'], `status not in (${final})`, why);
  await refuse(
    session,
    STAGES.enrollments,
    `s.status not in (${final}) and exists (
      select 1 from enrollment e where e.person_id = s.person and e.program_id = s.program_id and e.enrollment_id <> s.id and e.status not in (${final})
      and not exists (select 1 from in_enrollment o where o.id = e.enrollment_id and o.refused is null and o.status in (${final})))`,
    why,
  );
}
