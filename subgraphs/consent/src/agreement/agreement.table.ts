import { integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Versions of processing agreements; a version never changes. */
export const agreement = pgTable(
  'agreement',
  {
    code: text('code').notNull(),
    version: integer('version').notNull(),
    controller: text('controller').notNull(),
    lawfulBasis: text('lawful_basis').notNull(),
    legalReference: text('legal_reference').notNull(),
    purposes: text('purposes').array().notNull(),
    /** Mask of consent categories. */
    categories: integer('categories').notNull(),
    recipients: text('recipients').array().notNull(),
    retentionDays: integer('retention_days').notNull(),
    /** Notice by language (ISO 639-1). */
    notices: jsonb('notices').notNull(),
    hash: text('hash').notNull(),
    publishedAt: timestamp('published_at', { withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.code, t.version] })],
);
