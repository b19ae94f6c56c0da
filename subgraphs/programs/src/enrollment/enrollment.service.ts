import { randomUUID } from 'node:crypto';
import {
  type Context,
  consentJoin,
  type Db,
  givesFreely,
  isCode,
  isDay,
  type Refusal,
  Refused,
  type Written,
  withinAny,
  writeOnce,
  writingAlternatives,
  writtenBy,
} from '@commonweal/kit';
import type { Alternative } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { pr } from '../program/program.entity.ts';
import { program } from '../program/program.table.ts';
import { e, enrollmentEntity } from './enrollment.entity.ts';
import { FIRST_STATES, isOpen } from './enrollment.states.ts';
import { subject } from './enrollment.table.ts';
import { type Changed, noteChange, OPEN_CONDITION } from './enrollment.writing.ts';

/** References to what a write made; what it shows is read anew under the caller's rights. */
export type EnrollmentWritten = Written<{ enrollment: string; person: string }>;

/** An enrollment to make, as the graph gives it. */
export interface EnrollInput {
  readonly person: string;
  readonly household?: string | null;
  readonly program: string;
  readonly status?: string | null;
  readonly startsOn: string;
  readonly decision?: string | null;
}

/** A change of state, as the graph gives it. */
export interface ChangeInput {
  readonly enrollment: string;
  readonly to: string;
  readonly reason: string;
  readonly on: string;
  readonly decision?: string | null;
}

const s = alias(subject, 's');
const refuse = (code: Refusal['code'], message: string, ...path: string[]) => new Refused({ code, message, path: ['input', ...path] });
const noneSuch = (...path: string[]) => refuse('NOT_AVAILABLE', 'There is none that you may write.', ...path);
const actorOf = ({ principal }: Context) => `${principal.consumer}/${principal.user}`;

function checkTexts(day: string, dayField: string, decision: string | null | undefined): void {
  if (!isDay(day)) throw refuse('INVALID', 'This is no day of the calendar, or not written YYYY-MM-DD.', dayField);
  if (decision != null && !isCode(decision))
    throw refuse('INVALID', 'The number of a decision has up to 64 letters, digits and . _ : / # -.', 'decision');
}

/** Puts a person or household into a program. Refused for a person or program that is absent or not the caller's to write, without saying which. */
export async function enroll(context: Context, key: string, input: EnrollInput): Promise<EnrollmentWritten> {
  const alternatives = writingAlternatives(context, 'enrollment.enroll', writtenBy(context, 'EnrollInput', { ...input }));
  return writeOnce(context, 'enroll', key, input, undefined, async (db) => {
    const status = input.status ?? 'APPLIED';
    checkTexts(input.startsOn, 'startsOn', input.decision);
    if (!Object.hasOwn(FIRST_STATES, status)) throw refuse('INVALID', 'An enrollment begins as APPLIED, WAITLISTED or ENROLLED.', 'status');
    const place = await placeFor(context, db, alternatives, input);
    const household = place.target === 'HOUSEHOLD' ? await householdFor(context, db, place, input) : null;
    if (place.target === 'PERSON' && input.household != null)
      throw refuse('INVALID', 'This program enrolls persons: leave the household out.', 'household');
    if (place.status !== 'ACTIVE' || place.outside) throw refuse('NOT_ALLOWED_NOW', 'The program takes nobody in on this day.', 'startsOn');
    const enrollment = randomUUID();
    const made = await db.all(sql`
      insert into enrollment (person_id, enrollment_id, household_id, program_id, sensitive, area_path, status, status_since, starts_on)
      values (${place.person}, ${enrollment}, ${household}, ${place.program}, ${place.sensitive}, ${place.area}::ltree, ${status}, ${input.startsOn}, ${input.startsOn})
      on conflict (person_id, program_id) where ${OPEN_CONDITION} do nothing returning enrollment_id`);
    if (made.length === 0) throw refuse('CONFLICT', 'There is an open enrollment in this program already.');
    await noteChange(
      db,
      { ...place, enrollment, household },
      {
        from: null,
        to: status,
        on: input.startsOn,
        reason: FIRST_STATES[status]!,
        decision: input.decision ?? null,
        actor: actorOf(context),
      },
    );
    return { enrollment, person: place.person };
  });
}

interface Place extends Omit<Changed, 'enrollment' | 'household'> {
  readonly home: string | null;
  readonly target: string;
  readonly status: string;
  /** Whether the first day is in the future, or outside the program's own days. */
  readonly outside: boolean;
}

/** The person and the program, both in the rows of one and the same alternative. */
async function placeFor(context: Context, db: Db, alternatives: readonly Alternative[], input: EnrollInput): Promise<Place> {
  const person = context.refs.decode('per', input.person)?.id;
  if (person === undefined) throw noneSuch();
  const scope = {
    person: sql`${s.personId}`,
    area: sql`${s.areaPath}`,
    program: { id: sql`${pr.programId}`, sensitive: sql`${pr.sensitive}` },
  };
  const rows = await db.all<Place>(sql`
    select ${s.personId} as person, ${s.householdId} as home, ${s.areaPath}::text as area, ${pr.programId} as program, ${pr.sensitive} as sensitive, ${pr.target} as target,
      ${pr.status} as status, (${input.startsOn}::date > current_date or ${input.startsOn}::date < ${pr.startsOn} or ${input.startsOn}::date > ${pr.endsOn}) is true as outside
    from ${subject} as s join ${program} as pr on ${pr.code} = ${input.program} ${consentJoin(context.decision, alternatives, scope.person)}
    where ${s.personId} = ${person}::uuid and ${withinAny(alternatives, scope)} for share of s`);
  if (!rows[0]) throw noneSuch();
  return rows[0];
}

/** The household that the person stands for: their own, and not yet in the program through somebody else. */
async function householdFor(context: Context, db: Db, place: Place, input: EnrollInput): Promise<string> {
  if (input.household == null) throw refuse('INVALID', 'This program enrolls households: name the household.', 'household');
  const household = context.refs.decode('hh', input.household)?.id;
  if (household === undefined || household !== place.home) throw noneSuch('household');
  // Two members who stand for one household at the same moment meet at this lock: no index can, since their rows lie apart.
  await db.all(sql`select pg_advisory_xact_lock(hashtextextended(${`${place.program} ${household}`}, 1))`);
  const open = await db.all(
    sql`select 1 from enrollment where household_id = ${household}::uuid and program_id = ${place.program}::uuid and ${OPEN_CONDITION} limit 1`,
  );
  if (open.length > 0) throw refuse('CONFLICT', 'There is an open enrollment in this program already.');
  return household;
}

interface Current extends Changed {
  readonly status: string;
  readonly allowed: boolean;
  readonly future: boolean;
  readonly early: boolean;
}

/** Changes the state of an enrollment along the allowed transitions, with its row locked. */
export async function changeEnrollmentStatus(context: Context, key: string, input: ChangeInput): Promise<EnrollmentWritten> {
  const alternatives = writingAlternatives(
    context,
    'enrollment.change',
    writtenBy(context, 'ChangeEnrollmentStatusInput', { ...input }),
  ).filter((a) => givesFreely(context, a, { field: 'Enrollment.id', use: 'READ' }));
  return writeOnce(context, 'changeEnrollmentStatus', key, input, undefined, async (db) => {
    checkTexts(input.on, 'on', input.decision);
    const at = context.refs.decode('enr', input.enrollment);
    if (!at) throw noneSuch('enrollment');
    const { scope } = enrollmentEntity;
    const [now] = await db.all<Current>(sql`
      select ${e.personId} as person, ${e.enrollmentId} as enrollment, ${e.householdId} as household, ${e.programId} as program, ${e.sensitive} as sensitive,
        ${e.areaPath}::text as area, ${e.status} as status, ${input.on}::date > current_date as future, ${input.on}::date < ${e.statusSince} as early,
        exists (select 1 from allowed_transition t where t.from_status = ${e.status} and t.to_status = ${input.to}) as allowed
      from ${enrollmentEntity.from} ${consentJoin(context.decision, alternatives, scope.person)}
      where ${e.personId} = ${at.owner}::uuid and ${e.enrollmentId} = ${at.id}::uuid and ${withinAny(alternatives, scope)} for update of e`);
    if (!now) throw noneSuch('enrollment');
    if (!now.allowed) throw refuse('NOT_ALLOWED_NOW', 'This state may not follow the present one.', 'to');
    if (now.future) throw refuse('NOT_ALLOWED_NOW', 'The day lies in the future.', 'on');
    if (now.early) throw refuse('INVALID', 'The day lies before the present state began.', 'on');
    await db.all(sql`
      update enrollment set status = ${input.to}, status_since = ${input.on}::date, ends_on = ${isOpen(input.to) ? null : input.on}::date, updated_at = now()
      where person_id = ${now.person}::uuid and enrollment_id = ${now.enrollment}::uuid`);
    await noteChange(db, now, {
      from: now.status,
      to: input.to,
      on: input.on,
      reason: input.reason,
      decision: input.decision ?? null,
      actor: actorOf(context),
    });
    return { enrollment: now.enrollment, person: now.person };
  });
}
