import type { SubgraphName } from '@commonweal/schema';

/** A table that rows are streamed into. */
export interface LoadedTable {
  readonly registry: SubgraphName;
  readonly name: string;
  readonly columns: readonly string[];
}

const table = (registry: SubgraphName, name: string, columns: string): LoadedTable => ({
  registry,
  name,
  columns: columns.trim().split(/\s+/),
});

const place = 'membership_id person_id household_id area_path relationship recipient_role valid_from valid_to';

/** The tables that grow with the population, with the columns in the order in which `rows/` writes them. Parents stand before their children. */
export const tables = {
  person: table(
    'persons',
    'person',
    `person_id household_id area_path program_ids provider_ids score_band surname given_name second_name surname_key sex birth_date
     birth_date_estimated death_date marital_status education_level employment_status occupation income_level languages phones emails
     address_line1 locality postal_code landmark latitude longitude disability_types disability_severities status registered_at updated_at`,
  ),
  household: table(
    'persons',
    'household',
    `household_id area_path program_ids provider_ids member_ids head_person_id address_line1 locality postal_code landmark size children adults
     elderly score score_band score_type score_version score_assessed_on assistance_unit registered_at updated_at`,
  ),
  identifier: table(
    'persons',
    'identifier',
    'person_id identifier_id area_path type value last_four issuer issued_on expires_on verified_at verified_by',
  ),
  identifierKey: table('persons', 'identifier_key', 'value_hash person_id'),
  membership: table('persons', 'membership', place),
  roster: table('persons', 'roster', place),
  programsSubject: table('programs', 'subject', 'person_id household_id area_path'),
  enrollment: table(
    'programs',
    'enrollment',
    'person_id enrollment_id household_id program_id sensitive area_path status status_since starts_on ends_on updated_at',
  ),
  enrollmentEvent: table(
    'programs',
    'enrollment_event',
    'person_id enrollment_id event_id program_id sensitive area_path from_status to_status on_date reason decision actor recorded_at',
  ),
  benefit: table(
    'programs',
    'benefit',
    `person_id benefit_id enrollment_id program_id sensitive area_path cycle_sequence type amount currency quantity unit valid_from valid_until
     status`,
  ),
  coverageCell: table('programs', 'coverage_cell', 'program_id area_path beneficiaries'),
  account: table(
    'payments',
    'account',
    'person_id account_id area_path program_ids kind provider_id number masked_number verified is_primary status',
  ),
  payment: table(
    'payments',
    'payment',
    `person_id payment_id recipient_id benefit_id enrollment_id program_id program_code sensitive area_path provider_id account_id
     amount_entitled amount_delivered currency due_on sent_at delivered_at provider_reference status status_at reason`,
  ),
  paymentEvent: table(
    'payments',
    'payment_event',
    `person_id payment_id event_id program_id sensitive area_path provider_id from_status to_status reason amount_delivered provider_reference
     reported_by occurred_at recorded_at`,
  ),
  consentSubject: table('consent', 'subject', 'person_id area_path program_ids provider_ids'),
  consentRecord: table(
    'consent',
    'consent_record',
    `person_id consent_id area_path agreement_code agreement_version agreement_hash recipient_id purpose_id categories given_by giver_id method
     valid_from valid_until recorded_at`,
  ),
  consentEvent: table('consent', 'consent_event', 'person_id consent_id event_id status actor at'),
  consentGrant: table(
    'consent',
    'consent_grant',
    'person_id recipient_id purpose_id consent_id categories valid_from valid_until withdrawn_at',
  ),
} satisfies Record<string, LoadedTable>;

/** Name of a table among `tables`. */
export type TableKey = keyof typeof tables;

/** All keys, parents before children. */
export const tableKeys = Object.keys(tables) as TableKey[];

const everywhere = ['outbox', 'inbox', 'mutation_key'];

/**
 * What each registry is emptied of before it is seeded again: what is loaded, what came of it, and the reference data that follow from the seed.
 * The policies, the agreements and the access log of the consent registry stay: a log that can be emptied is none.
 */
export const emptied: Readonly<Record<SubgraphName, readonly string[]>> = {
  persons: [
    ...['person', 'household', 'identifier', 'identifier_key', 'membership', 'roster', 'verification', 'registration_review', 'area'],
    ...everywhere,
  ],
  programs: [
    ...['program', 'program_criteria', 'compatibility', 'cycle', 'subject', 'enrollment', 'enrollment_event', 'benefit'],
    ...['coverage_cell', 'coverage_delta'],
    ...everywhere,
  ],
  payments: ['provider', 'account', 'payment', 'payment_event', ...everywhere],
  consent: ['subject', 'consent_record', 'consent_event', 'consent_grant', ...everywhere],
};
