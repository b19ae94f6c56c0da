import type { Target } from './mapping.ts';

/** What a value must be. `name` and `text` are free; `number` is an identifying number; `reference` is the key of a row of another target. */
export type FieldType =
  | 'name'
  | 'text'
  | 'label'
  | 'number'
  | 'code'
  | 'day'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'phone'
  | 'email'
  | 'country'
  | 'reference';

/** A field that a mapping can feed. */
export interface Field {
  readonly type: FieldType;
  /** Column here. */
  readonly column: string;
  /** PostgreSQL type of the column, when it is not text. */
  readonly cast?: string;
  readonly codes?: readonly string[];
  readonly to?: Target;
  readonly required?: true;
  /** Bounds of a number or the most characters of a text. */
  readonly least?: number;
  readonly most?: number;
}

/** Fields by the name that mappings use. */
export type Fields = Readonly<Record<string, Field>>;

const name = (column: string): Field => ({ type: 'name', column, most: 100 });
const text = (column: string, most = 200): Field => ({ type: 'text', column, most });
const code = (column: string, ...codes: string[]): Field => ({ type: 'code', column, codes });
const day = (column: string): Field => ({ type: 'day', column, cast: 'date' });
const yes = (column: string): Field => ({ type: 'boolean', column, cast: 'boolean' });
const to = (column: string, target: Target): Field => ({ type: 'reference', column, cast: 'uuid', to: target });
const must = (field: Field): Field => ({ ...field, required: true });

/** Where something is: the key of an area of the same import, or the code of an area that is here already. */
const place = { area: to('area', 'areas'), areaCode: text('area_code') };
const address = {
  addressLine1: text('address_line1'),
  addressLine2: text('address_line2'),
  locality: text('locality'),
  postalCode: text('postal_code', 20),
  landmark: text('landmark'),
};
const registered = { registeredAt: { type: 'day', column: 'registered_at', cast: 'timestamptz' } as Field };

/** States of an enrollment in which nothing follows any more, and those in which a person cannot be enrolled in the program again. */
export const FINAL_STATES: readonly string[] = ['GRADUATED', 'EXITED', 'DECEASED', 'NOT_ELIGIBLE', 'DUPLICATED'];

/** Fields of each target. The code lists are those of the registries' schemas. */
export const TARGET_FIELDS: Readonly<Record<Target, Fields>> = {
  areas: {
    code: must({ type: 'label', column: 'label', most: 32 }),
    name: must(text('name', 100)),
    level: must(code('level', 'COUNTRY', 'COUNTY', 'SUB_COUNTY', 'LOCALITY')),
    parent: to('parent', 'areas'),
    population: { type: 'integer', column: 'population', cast: 'integer', least: 0, most: 2_000_000_000 },
  },
  households: {
    ...place,
    ...address,
    ...registered,
    assistanceUnit: code('assistance_unit', 'MEMBER', 'HOUSEHOLD', 'FAMILY'),
    score: { type: 'decimal', column: 'score', cast: 'numeric', least: 0, most: 100 },
    scoreBand: code('score_band', 'POOREST', 'POOR', 'VULNERABLE', 'RESILIENT', 'BETTER_OFF'),
    scoreType: text('score_type', 50),
    scoreVersion: text('score_version', 50),
    scoreAssessedOn: day('score_assessed_on'),
  },
  persons: {
    ...place,
    ...address,
    ...registered,
    surname: must(name('surname')),
    given: must(name('given_name')),
    second: name('second_name'),
    prefix: text('name_prefix', 30),
    suffix: text('name_suffix', 30),
    sex: must(code('sex', 'MALE', 'FEMALE', 'OTHER', 'UNKNOWN')),
    birthDate: must(day('birth_date')),
    birthDateEstimated: yes('birth_date_estimated'),
    deathDate: day('death_date'),
    maritalStatus: code('marital_status', 'SINGLE', 'MARRIED', 'WIDOWED', 'ANNULLED', 'DIVORCED', 'SEPARATED', 'UNKNOWN'),
    educationLevel: { type: 'integer', column: 'education_level', cast: 'smallint', least: 0, most: 8 },
    employmentStatus: code('employment_status', 'EMPLOYED', 'SELF_EMPLOYED', 'CASUAL', 'UNEMPLOYED', 'INACTIVE', 'UNKNOWN'),
    occupation: text('occupation', 100),
    incomeLevel: code('income_level', 'NONE', 'VERY_LOW', 'LOW', 'MIDDLE', 'HIGH'),
    phone: { type: 'phone', column: 'phones', cast: 'text[]' },
    email: { type: 'email', column: 'emails', cast: 'text[]' },
    country: { type: 'country', column: 'country' },
    latitude: { type: 'decimal', column: 'latitude', cast: 'numeric', least: -90, most: 90 },
    longitude: { type: 'decimal', column: 'longitude', cast: 'numeric', least: -180, most: 180 },
    status: code('status', 'ACTIVE', 'INACTIVE', 'DECEASED', 'DUPLICATE', 'WITHDRAWN'),
  },
  programs: {
    code: must({ type: 'text', column: 'code', most: 50 }),
    name: must(text('name')),
    description: text('description', 1000),
    institution: text('institution'),
    type: must(
      code(
        'type',
        'UNCONDITIONAL_CASH',
        'CONDITIONAL_CASH',
        'UNIVERSAL_CATEGORICAL',
        'IN_KIND',
        'SCHOOL_FEEDING',
        'PUBLIC_WORKS',
        'FEE_WAIVER',
        'OTHER_ASSISTANCE',
        'SOCIAL_INSURANCE',
      ),
    ),
    target: must(code('target', 'PERSON', 'HOUSEHOLD')),
    benefitType: must(code('benefit_type', 'CASH', 'VOUCHER', 'IN_KIND', 'TRAINING', 'WORK', 'INSURANCE')),
    amount: { type: 'decimal', column: 'amount', cast: 'numeric', least: 0, most: 999_999_999_999 },
    currency: must({ type: 'text', column: 'currency', most: 3 }),
    frequency: text('frequency'),
    status: code('status', 'DRAFT', 'ACTIVE', 'PAUSED', 'CLOSED'),
    legalBasis: text('legal_basis'),
    sensitive: yes('sensitive'),
    startsOn: must(day('starts_on')),
    endsOn: day('ends_on'),
  },
  enrollments: {
    person: to('person', 'persons'),
    household: to('household', 'households'),
    program: to('program', 'programs'),
    programCode: text('program_code', 50),
    status: must(code('status', 'APPLIED', 'WAITLISTED', 'ENROLLED', 'SUSPENDED', 'AWAITING_RENEWAL', ...FINAL_STATES)),
    statusSince: day('status_since'),
    startsOn: must(day('starts_on')),
    endsOn: day('ends_on'),
    reason: code(
      'reason',
      'APPLICATION',
      'CRITERIA_MET',
      'CRITERIA_NOT_MET',
      'NO_PLACE',
      'CONDITIONS_NOT_MET',
      'NOT_COLLECTED',
      'RECERTIFICATION_DUE',
      'RECERTIFIED',
      'OWN_WISH',
      'MOVED',
      'IMPROVED',
      'AGE_LIMIT',
      'DEATH',
      'DUPLICATE',
      'CORRECTION',
      'PROGRAM_END',
    ),
  },
};

/** Fields of a person's number. */
export const IDENTIFIER_FIELDS: Fields = {
  type: must(code('type', 'UIN', 'BRN', 'MRN', 'DRN', 'PASSPORT', 'VOTER', 'REFUGEE', 'PROGRAM', 'PHONE')),
  value: { type: 'number', column: 'value', most: 64 },
  issuer: text('issuer', 100),
  issuedOn: day('issued_on'),
  expiresOn: day('expires_on'),
};

/** Fields of a person's place in a household. */
export const MEMBERSHIP_FIELDS: Fields = {
  household: to('household', 'households'),
  relationship: must(
    code(
      'relationship',
      'HEAD',
      'SPOUSE',
      'CHILD',
      'PARENT',
      'GRANDPARENT',
      'GRANDCHILD',
      'SIBLING',
      'IN_LAW',
      'NEPHEW_NIECE',
      'COUSIN',
      'FOSTER_CHILD',
      'OTHER',
      'NONE',
    ),
  ),
  recipientRole: code('recipient_role', 'PRIMARY', 'ALTERNATE'),
  validFrom: day('valid_from'),
};
