import { boolean, date, integer, numeric, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { ltree } from '../program/program.table.ts';

/** What enrollments entitle to, by cycle. */
export const benefit = pgTable('benefit', {
  personId: uuid('person_id').notNull(),
  benefitId: uuid('benefit_id').notNull(),
  enrollmentId: uuid('enrollment_id').notNull(),
  programId: uuid('program_id').notNull(),
  sensitive: boolean('sensitive').notNull(),
  areaPath: ltree('area_path').notNull(),
  cycleSequence: integer('cycle_sequence').notNull(),
  type: text('type').notNull(),
  amount: numeric('amount'),
  currency: text('currency'),
  quantity: numeric('quantity'),
  unit: text('unit'),
  validFrom: date('valid_from').notNull(),
  validUntil: date('valid_until').notNull(),
  status: text('status').notNull(),
});
