import { date, integer, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ltree } from '../person/person.table.ts';

/** Households. */
export const household = pgTable('household', {
  householdId: uuid('household_id').primaryKey(),
  areaPath: ltree('area_path').notNull(),
  programIds: uuid('program_ids').array().notNull(),
  providerIds: uuid('provider_ids').array().notNull(),
  /** Who lives in it now. */
  memberIds: uuid('member_ids').array().notNull(),
  headPersonId: uuid('head_person_id'),
  type: text('type').notNull(),
  addressLine1: text('address_line1'),
  addressLine2: text('address_line2'),
  locality: text('locality'),
  postalCode: text('postal_code'),
  landmark: text('landmark'),
  size: integer('size').notNull(),
  children: integer('children').notNull(),
  adults: integer('adults').notNull(),
  elderly: integer('elderly').notNull(),
  score: numeric('score'),
  scoreBand: text('score_band'),
  scoreType: text('score_type'),
  scoreVersion: text('score_version'),
  scoreAssessedOn: date('score_assessed_on'),
  assistanceUnit: text('assistance_unit').notNull(),
  registeredAt: timestamp('registered_at', { withTimezone: true }).notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
  sourceSystem: text('source_system'),
  sourceKey: text('source_key'),
  sourceTakenOn: date('source_taken_on'),
});

const place = {
  membershipId: uuid('membership_id').notNull(),
  personId: uuid('person_id').notNull(),
  householdId: uuid('household_id').notNull(),
  areaPath: ltree('area_path').notNull(),
  relationship: text('relationship').notNull(),
  recipientRole: text('recipient_role'),
  validFrom: date('valid_from').notNull(),
  validTo: date('valid_to'),
};
/** A person's places in households, by person. */
export const membership = pgTable('membership', place);
/** The same, by household. */
export const roster = pgTable('roster', place);
