import { bigint, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Operations that a consumer may run by id for a purpose, until they are retired. */
export const registeredOperation = pgTable(
  'registered_operation',
  {
    consumerId: text('consumer_id').notNull(),
    purposeId: text('purpose_id').notNull(),
    operationId: text('operation_id').notNull(),
    name: text('name').notNull(),
    text: text('text').notNull(),
    registeredAt: timestamp('registered_at', { withTimezone: true }).notNull(),
    registeredBy: text('registered_by').notNull(),
    retiredAt: timestamp('retired_at', { withTimezone: true }),
  },
  (t) => [primaryKey({ columns: [t.consumerId, t.purposeId, t.operationId] })],
);

/** States of the registered operations: the highest epoch is the one in force. */
export const operationEpoch = pgTable('operation_epoch', {
  epoch: bigint('epoch', { mode: 'number' }).primaryKey(),
  raisedAt: timestamp('raised_at', { withTimezone: true }).notNull(),
  reason: text('reason').notNull(),
});
