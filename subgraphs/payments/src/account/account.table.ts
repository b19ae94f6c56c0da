import { boolean, customType, pgTable, text, uuid } from 'drizzle-orm/pg-core';

/** A path of labels (`KE.23.02`), PostgreSQL's ltree. */
export const ltree = customType<{ data: string }>({ dataType: () => 'ltree' });

/** Banks, mobile-money operators and others that deliver payments. */
export const provider = pgTable('provider', {
  providerId: uuid('provider_id').primaryKey(),
  code: text('code').notNull(),
  name: text('name').notNull(),
});

/** Where payments of a person go. The masked number is a column of its own, so that who may see only that one is read only that one. */
export const account = pgTable('account', {
  personId: uuid('person_id').notNull(),
  accountId: uuid('account_id').notNull(),
  areaPath: ltree('area_path').notNull(),
  /** The programs that know of the person. */
  programIds: uuid('program_ids').array().notNull(),
  kind: text('kind').notNull(),
  providerId: uuid('provider_id').notNull(),
  number: text('number').notNull(),
  maskedNumber: text('masked_number').notNull(),
  verified: boolean('verified').notNull(),
  isPrimary: boolean('is_primary').notNull(),
  status: text('status').notNull(),
});
