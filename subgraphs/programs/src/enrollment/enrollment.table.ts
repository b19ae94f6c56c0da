import { boolean, date, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ltree } from '../program/program.table.ts';

/** Which state may follow which; an empty one before is the beginning. */
export const allowedTransition = pgTable('allowed_transition', {
  fromStatus: text('from_status').notNull(),
  toStatus: text('to_status').notNull(),
});

/** Places of persons and households in programs. Whether the program is sensitive and where the person lives stand on the row: they decide who may see it. */
export const enrollment = pgTable('enrollment', {
  personId: uuid('person_id').notNull(),
  enrollmentId: uuid('enrollment_id').notNull(),
  householdId: uuid('household_id'),
  programId: uuid('program_id').notNull(),
  sensitive: boolean('sensitive').notNull(),
  areaPath: ltree('area_path').notNull(),
  status: text('status').notNull(),
  statusSince: date('status_since').notNull(),
  startsOn: date('starts_on').notNull(),
  endsOn: date('ends_on'),
  sourceSystem: text('source_system'),
  sourceKey: text('source_key'),
  sourceTakenOn: date('source_taken_on'),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
});

/** Changes of state of enrollments. */
export const enrollmentEvent = pgTable('enrollment_event', {
  personId: uuid('person_id').notNull(),
  enrollmentId: uuid('enrollment_id').notNull(),
  eventId: uuid('event_id').notNull(),
  programId: uuid('program_id').notNull(),
  sensitive: boolean('sensitive').notNull(),
  areaPath: ltree('area_path').notNull(),
  fromStatus: text('from_status'),
  toStatus: text('to_status').notNull(),
  onDate: date('on_date').notNull(),
  reason: text('reason').notNull(),
  decision: text('decision'),
  /** Consumer and user who made the change. */
  actor: text('actor').notNull(),
  recordedAt: timestamp('recorded_at', { withTimezone: true }).notNull(),
});

/** Where persons live and with whom, as the persons registry tells by its events. */
export const subject = pgTable('subject', {
  personId: uuid('person_id').primaryKey(),
  householdId: uuid('household_id'),
  areaPath: ltree('area_path').notNull(),
});
