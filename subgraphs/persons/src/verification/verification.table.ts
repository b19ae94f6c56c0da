import { boolean, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { bytea } from '../person/person.table.ts';

/** Attempts to verify a person. */
export const verification = pgTable('verification', {
  subjectHash: bytea('subject_hash').notNull(),
  reference: uuid('reference').notNull(),
  consumerId: text('consumer_id').notNull(),
  programCode: text('program_code').notNull(),
  /** Whether the answer was ACTIVE. Until then the attempt counts. */
  confirmed: boolean('confirmed').notNull(),
  attemptedAt: timestamp('attempted_at', { withTimezone: true }).notNull(),
});
