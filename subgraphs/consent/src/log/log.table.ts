import { bigint, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { bytea } from '../columns.ts';

/** Sets of fields, each kept once under the hash of its coordinates. */
export const fieldSet = pgTable('field_set', {
  fieldSetId: bytea('field_set_id').primaryKey(),
  coordinates: text('coordinates').array().notNull(),
  /** Access classes of the fields. */
  categories: text('categories').array().notNull(),
});

/** One record for each operation, without values. */
export const accessLog = pgTable('access_log', {
  recordId: uuid('record_id').primaryKey(),
  at: timestamp('at', { withTimezone: true }).notNull(),
  requestId: text('request_id').notNull(),
  consumerId: text('consumer_id').notNull(),
  userId: text('user_id').notNull(),
  onBehalfOf: uuid('on_behalf_of'),
  purposeId: text('purpose_id'),
  lawfulBasis: text('lawful_basis'),
  agreements: text('agreements').array().notNull(),
  operationName: text('operation_name'),
  operationHash: bytea('operation_hash').notNull(),
  policyEpoch: bigint('policy_epoch', { mode: 'number' }).notNull(),
  profileDigest: bytea('profile_digest').notNull(),
  /** Fields that were returned. */
  fieldSetId: bytea('field_set_id'),
  /** Fields that were asked for and refused. */
  deniedSetId: bytea('denied_set_id'),
  personCount: integer('person_count').notNull(),
  counts: jsonb('counts').notNull(),
  searched: bytea('searched').array().notNull(),
  outcome: text('outcome').notNull(),
  /** Number of the batch it is sealed in; null until then. */
  seal: bigint('seal', { mode: 'number' }),
  /** SHA-256 of the record and the persons it is about. */
  leaf: bytea('leaf').notNull(),
});

/** A record as one of the persons it is about may see it. */
export const accessLogPerson = pgTable(
  'access_log_person',
  {
    personId: uuid('person_id').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    recordId: uuid('record_id').notNull(),
    /** An investigation that was ordered to stay unknown: the person sees it from then on. */
    hiddenUntil: timestamp('hidden_until', { withTimezone: true }),
    consumerId: text('consumer_id').notNull(),
    purposeId: text('purpose_id'),
    lawfulBasis: text('lawful_basis'),
    fieldSetId: bytea('field_set_id'),
    outcome: text('outcome').notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.at, t.recordId] })],
);

/** Sealed batches, a chain. */
export const accessSeal = pgTable('access_seal', {
  seal: bigint('seal', { mode: 'number' }).primaryKey(),
  sealedAt: timestamp('sealed_at', { withTimezone: true }).notNull(),
  records: integer('records').notNull(),
  merkleRoot: bytea('merkle_root').notNull(),
  previous: bytea('previous').notNull(),
  chain: bytea('chain').notNull(),
  signature: bytea('signature').notNull(),
});
