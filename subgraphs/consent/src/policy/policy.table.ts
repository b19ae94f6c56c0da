import { bigint, boolean, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ltree } from '../columns.ts';

/** Consumers of the registry. */
export const consumer = pgTable('consumer', {
  consumerId: text('consumer_id').primaryKey(),
  kind: text('kind').notNull(),
  name: text('name').notNull(),
  outsideGovernment: boolean('outside_government').notNull(),
  providerId: uuid('provider_id'),
  suspended: boolean('suspended').notNull(),
  /** ANY or REGISTERED; null goes by whether it is of the government. */
  operations: text('operations'),
});

/** Purposes, a closed hierarchical list. */
export const purpose = pgTable('purpose', {
  purposeId: text('purpose_id').primaryKey(),
  parentId: text('parent_id'),
  name: text('name').notNull(),
});

/** Sharing policies. One that is published was approved by another person than the one who wrote it. */
export const sharingPolicy = pgTable('sharing_policy', {
  policyId: uuid('policy_id').primaryKey(),
  consumerId: text('consumer_id').notNull(),
  purposeId: text('purpose_id').notNull(),
  lawfulBasis: text('lawful_basis').notNull(),
  agreementCode: text('agreement_code'),
  areas: ltree('areas').array().notNull(),
  programs: uuid('programs').array().notNull(),
  programCodes: text('program_codes').array().notNull(),
  allOrdinaryPrograms: boolean('all_ordinary_programs').notNull(),
  providers: uuid('providers').array().notNull(),
  allProviders: boolean('all_providers').notNull(),
  selfOnly: boolean('self_only').notNull(),
  grants: jsonb('grants').notNull(),
  fieldsOnly: jsonb('fields_only').notNull(),
  actions: text('actions').array().notNull(),
  consentClasses: text('consent_classes').array().notNull(),
  consentForRows: boolean('consent_for_rows').notNull(),
  disclosure: text('disclosure').notNull(),
  validFrom: timestamp('valid_from', { withTimezone: true }).notNull(),
  validUntil: timestamp('valid_until', { withTimezone: true }),
  status: text('status').notNull(),
  createdBy: text('created_by').notNull(),
  approvedBy: text('approved_by'),
});

/** States of the sharing policies: the highest epoch is the one in force. */
export const policyEpoch = pgTable('policy_epoch', {
  epoch: bigint('epoch', { mode: 'number' }).primaryKey(),
  raisedAt: timestamp('raised_at', { withTimezone: true }).notNull(),
  reason: text('reason').notNull(),
});

/** Ceilings as the code has them: classes and uses. */
export const ceilingUse = pgTable(
  'ceiling_use',
  { kind: text('kind').notNull(), accessClass: text('access_class').notNull(), use: text('use').notNull() },
  (t) => [primaryKey({ columns: [t.kind, t.accessClass, t.use] })],
);
/** Ceilings as the code has them: purposes. */
export const ceilingPurpose = pgTable('ceiling_purpose', { kind: text('kind').notNull(), purposeId: text('purpose_id').notNull() }, (t) => [
  primaryKey({ columns: [t.kind, t.purposeId] }),
]);
/** Ceilings as the code has them: actions. */
export const ceilingAction = pgTable('ceiling_action', { kind: text('kind').notNull(), action: text('action').notNull() }, (t) => [
  primaryKey({ columns: [t.kind, t.action] }),
]);
/** Classes of the fields of the graph. */
export const fieldClass = pgTable('field_class', {
  coordinate: text('coordinate').primaryKey(),
  accessClass: text('access_class').notNull(),
});
