import type { Entity } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { enrollment, enrollmentEvent } from './enrollment.table.ts';

const e = alias(enrollment, 'e');
const v = alias(enrollmentEvent, 'v');

/** The enrollment's row in statements. */
export { e };

/** How enrollments are read. Person, household and program are links: whether the caller may know of them is asked again there. */
export const enrollmentEntity: Entity = {
  type: 'Enrollment',
  from: sql`${enrollment} as e`,
  key: sql`${e.enrollmentId}`,
  owner: sql`${e.personId}`,
  gate: 'Enrollment.id',
  scope: { person: sql`${e.personId}`, area: sql`${e.areaPath}`, program: { id: sql`${e.programId}`, sensitive: sql`${e.sensitive}` } },
  parts: { source: sql`${e.sourceSystem} is not null` },
  fields: {
    person: sql`${e.personId}`,
    household: sql`${e.householdId}`,
    program: sql`${e.programId}`,
    status: sql`${e.status}`,
    statusSince: sql`${e.statusSince}`,
    startsOn: sql`${e.startsOn}`,
    endsOn: sql`${e.endsOn}`,
    'source.system': sql`${e.sourceSystem}`,
    'source.takenOn': sql`${e.sourceTakenOn}`,
  },
  links: { person: 'Person.id', household: 'Household.id' },
};

/** How changes of state are read. Reached only from an enrollment that the caller may know of. */
export const eventEntity: Entity = {
  type: 'EnrollmentEvent',
  from: sql`${enrollmentEvent} as v`,
  key: sql`${v.eventId}`,
  owner: sql`${v.personId}`,
  gate: 'Enrollment.history',
  scope: { person: sql`${v.personId}`, area: sql`${v.areaPath}`, program: { id: sql`${v.programId}`, sensitive: sql`${v.sensitive}` } },
  fields: {
    from: sql`${v.fromStatus}`,
    to: sql`${v.toStatus}`,
    on: sql`${v.onDate}`,
    reason: sql`${v.reason}`,
    decision: sql`${v.decision}`,
  },
};
/** Columns of changes of state. */
export const eventColumns = v;
