import { boolean, customType, date, numeric, pgTable, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** A path of labels (`KE.23.02`), PostgreSQL's ltree. */
export const ltree = customType<{ data: string }>({ dataType: () => 'ltree' });
/** Raw bytes. */
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Persons. What decides who may see a person stands on the row: area, programs and providers that know of them. */
export const person = pgTable('person', {
  personId: uuid('person_id').primaryKey(),
  householdId: uuid('household_id'),
  areaPath: ltree('area_path').notNull(),
  programIds: uuid('program_ids').array().notNull(),
  providerIds: uuid('provider_ids').array().notNull(),
  scoreBand: text('score_band'),
  surname: text('surname').notNull(),
  givenName: text('given_name').notNull(),
  secondName: text('second_name'),
  namePrefix: text('name_prefix'),
  nameSuffix: text('name_suffix'),
  /** Surname folded for searching: lower case without accents. */
  surnameKey: text('surname_key').notNull(),
  sex: text('sex').notNull(),
  birthDate: date('birth_date').notNull(),
  birthDateEstimated: boolean('birth_date_estimated').notNull(),
  deathDate: date('death_date'),
  maritalStatus: text('marital_status').notNull(),
  educationLevel: smallint('education_level'),
  employmentStatus: text('employment_status').notNull(),
  occupation: text('occupation'),
  incomeLevel: text('income_level'),
  languages: text('languages').array().notNull(),
  phones: text('phones').array().notNull(),
  emails: text('emails').array().notNull(),
  addressLine1: text('address_line1'),
  addressLine2: text('address_line2'),
  locality: text('locality'),
  postalCode: text('postal_code'),
  country: text('country').notNull(),
  latitude: numeric('latitude'),
  longitude: numeric('longitude'),
  landmark: text('landmark'),
  disabilityTypes: text('disability_types').array().notNull(),
  disabilitySeverities: smallint('disability_severities').array().notNull(),
  status: text('status').notNull(),
  registeredAt: timestamp('registered_at', { withTimezone: true }).notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
  sourceSystem: text('source_system'),
  sourceKey: text('source_key'),
  sourceTakenOn: date('source_taken_on'),
});

/** Numbers of persons. */
export const identifier = pgTable('identifier', {
  personId: uuid('person_id').notNull(),
  identifierId: uuid('identifier_id').notNull(),
  areaPath: ltree('area_path').notNull(),
  type: text('type').notNull(),
  value: text('value').notNull(),
  lastFour: text('last_four').notNull(),
  issuer: text('issuer'),
  issuedOn: date('issued_on'),
  expiresOn: date('expires_on'),
  status: text('status').notNull(),
  verifiedAt: timestamp('verified_at', { withTimezone: true }),
  verifiedBy: text('verified_by'),
});

/** From the keyed hash of a number to its person. */
export const identifierKey = pgTable('identifier_key', {
  valueHash: bytea('value_hash').primaryKey(),
  personId: uuid('person_id').notNull(),
});

/** Registrations whose number is known already. */
export const registrationReview = pgTable('registration_review', {
  personId: uuid('person_id').notNull(),
  reviewId: uuid('review_id').notNull(),
  areaPath: ltree('area_path').notNull(),
  valueHash: bytea('value_hash').notNull(),
  receivedAt: timestamp('received_at', { withTimezone: true }).notNull(),
});
