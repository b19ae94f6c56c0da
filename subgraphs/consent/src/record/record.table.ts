import { integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ltree } from '../columns.ts';

/** Consents as they were given or refused; never changed. */
export const consentRecord = pgTable(
  'consent_record',
  {
    personId: uuid('person_id').notNull(),
    consentId: uuid('consent_id').notNull(),
    areaPath: ltree('area_path').notNull(),
    agreementCode: text('agreement_code').notNull(),
    agreementVersion: integer('agreement_version').notNull(),
    agreementHash: text('agreement_hash').notNull(),
    recipientId: text('recipient_id').notNull(),
    purposeId: text('purpose_id').notNull(),
    /** Mask of consent categories. */
    categories: integer('categories').notNull(),
    givenBy: text('given_by').notNull(),
    giverId: uuid('giver_id'),
    method: text('method').notNull(),
    evidence: text('evidence'),
    validFrom: timestamp('valid_from', { withTimezone: true }).notNull(),
    validUntil: timestamp('valid_until', { withTimezone: true }),
    recordedAt: timestamp('recorded_at', { withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.consentId] })],
);

/** What became of consents; only ever added to. */
export const consentEvent = pgTable(
  'consent_event',
  {
    personId: uuid('person_id').notNull(),
    consentId: uuid('consent_id').notNull(),
    eventId: uuid('event_id').notNull(),
    status: text('status').notNull(),
    actor: text('actor').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.consentId, t.eventId] })],
);

/** What the consents open: at most one that is not withdrawn for each person, recipient and purpose. */
export const consentGrant = pgTable(
  'consent_grant',
  {
    personId: uuid('person_id').notNull(),
    recipientId: text('recipient_id').notNull(),
    purposeId: text('purpose_id').notNull(),
    consentId: uuid('consent_id').notNull(),
    categories: integer('categories').notNull(),
    validFrom: timestamp('valid_from', { withTimezone: true }).notNull(),
    validUntil: timestamp('valid_until', { withTimezone: true }),
    withdrawnAt: timestamp('withdrawn_at', { withTimezone: true }),
  },
  (t) => [primaryKey({ columns: [t.personId, t.recipientId, t.purposeId, t.consentId] })],
);

/** Where persons live and who knows of them, as the other registries tell. */
export const subject = pgTable('subject', {
  personId: uuid('person_id').primaryKey(),
  areaPath: ltree('area_path').notNull(),
  programIds: uuid('program_ids').array().notNull(),
  providerIds: uuid('provider_ids').array().notNull(),
});
