import { boolean, date, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ltree } from '../account/account.table.ts';

/** Transfers of benefits to those who collect them. Program, sensitive and area are copied when the payment is made: they decide who may see it. */
export const payment = pgTable('payment', {
  personId: uuid('person_id').notNull(),
  paymentId: uuid('payment_id').notNull(),
  /** Who collects, where that is somebody else. */
  recipientId: uuid('recipient_id'),
  benefitId: uuid('benefit_id').notNull(),
  enrollmentId: uuid('enrollment_id').notNull(),
  programId: uuid('program_id').notNull(),
  programCode: text('program_code').notNull(),
  sensitive: boolean('sensitive').notNull(),
  areaPath: ltree('area_path').notNull(),
  providerId: uuid('provider_id').notNull(),
  accountId: uuid('account_id'),
  amountEntitled: numeric('amount_entitled').notNull(),
  amountDelivered: numeric('amount_delivered').notNull(),
  currency: text('currency').notNull(),
  dueOn: date('due_on').notNull(),
  sentAt: timestamp('sent_at', { withTimezone: true }),
  deliveredAt: timestamp('delivered_at', { withTimezone: true }),
  providerReference: text('provider_reference'),
  status: text('status').notNull(),
  /** When the state began, by the provider's own time. */
  statusAt: timestamp('status_at', { withTimezone: true }).notNull(),
  reason: text('reason'),
});

/** Reports on payments, also those that came too late to change the state. */
export const paymentEvent = pgTable('payment_event', {
  personId: uuid('person_id').notNull(),
  paymentId: uuid('payment_id').notNull(),
  eventId: uuid('event_id').notNull(),
  programId: uuid('program_id').notNull(),
  sensitive: boolean('sensitive').notNull(),
  areaPath: ltree('area_path').notNull(),
  providerId: uuid('provider_id').notNull(),
  /** Null for a report that changed nothing. */
  fromStatus: text('from_status'),
  toStatus: text('to_status').notNull(),
  reason: text('reason'),
  amountDelivered: numeric('amount_delivered'),
  providerReference: text('provider_reference'),
  reportedBy: text('reported_by').notNull(),
  occurredAt: timestamp('occurred_at', { withTimezone: true }).notNull(),
  recordedAt: timestamp('recorded_at', { withTimezone: true }).notNull(),
});
