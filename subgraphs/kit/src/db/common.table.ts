import { bigint, customType, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { local, type PlacedTable } from './placement.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Events for the other registries. */
export const outbox = pgTable('outbox', {
  eventId: uuid('event_id').primaryKey(),
  seq: bigint('seq', { mode: 'bigint' }).notNull(),
  at: timestamp('at', { withTimezone: true }).notNull(),
  type: text('type').notNull(),
  subject: uuid('subject').notNull(),
  payload: jsonb('payload').notNull(),
});

/** How far each receiver has come. */
export const outboxOffset = pgTable('outbox_offset', {
  consumer: text('consumer').primaryKey(),
  seq: bigint('seq', { mode: 'bigint' }).notNull(),
});

/** Events of the others that were applied. */
export const inbox = pgTable('inbox', {
  eventId: uuid('event_id').primaryKey(),
  receivedAt: timestamp('received_at', { withTimezone: true }).notNull(),
});

/** Keys of writes. */
export const mutationKey = pgTable('mutation_key', {
  consumerId: text('consumer_id').notNull(),
  userId: text('user_id').notNull(),
  key: text('key').notNull(),
  fingerprint: bytea('fingerprint').notNull(),
  answer: jsonb('answer').notNull(),
  at: timestamp('at', { withTimezone: true }).notNull(),
});

/** Migrations that have run. */
export const migration = pgTable('migration', {
  name: text('name').primaryKey(),
  sha256: text('sha256').notNull(),
  ranAt: timestamp('ran_at', { withTimezone: true }).notNull(),
});

/** The tables that every registry has besides its own, with their placement. */
export const commonTables: readonly PlacedTable[] = [
  local(outbox),
  local(outboxOffset),
  local(inbox),
  local(mutationKey),
  local(migration),
];
