import { boolean, customType, date, integer, numeric, pgTable, text, uuid } from 'drizzle-orm/pg-core';

/** A path of labels (`KE.23.02`), PostgreSQL's ltree. */
export const ltree = customType<{ data: string }>({ dataType: () => 'ltree' });

/** Assistance programs. */
export const program = pgTable('program', {
  programId: uuid('program_id').primaryKey(),
  code: text('code').notNull(),
  name: text('name').notNull(),
  description: text('description').notNull(),
  institution: text('institution').notNull(),
  type: text('type').notNull(),
  target: text('target').notNull(),
  benefitType: text('benefit_type').notNull(),
  amount: numeric('amount'),
  currency: text('currency').notNull(),
  frequency: text('frequency'),
  status: text('status').notNull(),
  legalBasis: text('legal_basis'),
  /** Whether mere membership tells something that needs protection. */
  sensitive: boolean('sensitive').notNull(),
  startsOn: date('starts_on').notNull(),
  endsOn: date('ends_on'),
  sourceSystem: text('source_system'),
  sourceKey: text('source_key'),
  sourceTakenOn: date('source_taken_on'),
});

/** Versions of a program's criteria. */
export const programCriteria = pgTable('program_criteria', {
  programId: uuid('program_id').notNull(),
  version: integer('version').notNull(),
  validFrom: date('valid_from').notNull(),
  criteria: text('criteria').notNull(),
});

/** How two programs go together, for a time. */
export const compatibility = pgTable('compatibility', {
  programId: uuid('program_id').notNull(),
  otherProgramId: uuid('other_program_id').notNull(),
  level: text('level').notNull(),
  validFrom: date('valid_from').notNull(),
  validTo: date('valid_to'),
  verdict: text('verdict').notNull(),
});

/** Periods for which a program gives benefits. */
export const cycle = pgTable('cycle', {
  programId: uuid('program_id').notNull(),
  sequence: integer('sequence').notNull(),
  startsOn: date('starts_on').notNull(),
  endsOn: date('ends_on').notNull(),
  status: text('status').notNull(),
});
