/** The shapes that the generator gives out: plain objects, field names and codes as in the registries' schemas. Dates are ISO texts. */

import type {
  BenefitStatus,
  BenefitType,
  DisabilityType,
  EmploymentStatus,
  EnrollmentReason,
  EnrollmentStatus,
  IdentifierType,
  IncomeLevel,
  MaritalStatus,
  PaymentReason,
  PaymentStatus,
  RegistrationStatus,
  Relationship,
  ScoreBand,
  Sex,
} from './codes.ts';

/** An address; a landmark stands in where there is none, and some households have neither. */
export interface GeneratedAddress {
  line1: string | null;
  locality: string | null;
  postalCode: string | null;
  landmark: string | null;
  latitude: number;
  longitude: number;
}

/** A disability: 1 some difficulty, 2 a lot of difficulty, 3 cannot do at all, 4 profound. Censuses count from 2 on. */
export interface GeneratedDisability {
  type: DisabilityType;
  severity: 1 | 2 | 3 | 4;
}

/** A person of the registry, once for each registration: a duplicate is a person of its own here. */
export interface GeneratedPerson {
  id: string;
  surname: string;
  given: string;
  second: string | null;
  sex: Sex;
  birthDate: string;
  birthDateEstimated: boolean;
  deathDate: string | null;
  maritalStatus: MaritalStatus;
  status: RegistrationStatus;
  /** ISCED 2011 level, 0 to 8. */
  educationLevel: number;
  employmentStatus: EmploymentStatus;
  occupation: string | null;
  incomeLevel: IncomeLevel;
  /** ISO 639-3. */
  languages: readonly string[];
  phones: readonly string[];
  emails: readonly string[];
  disabilities: readonly GeneratedDisability[];
  areaCode: string;
  address: GeneratedAddress | null;
  registeredOn: string;
  updatedOn: string;
}

/** A number of a person. No two have the same type and value. */
export interface GeneratedIdentifier {
  id: string;
  personId: string;
  type: IdentifierType;
  value: string;
  issuer: string;
  issuedOn: string | null;
  expiresOn: string | null;
  verifiedOn: string | null;
}

/** A household's own record. The counts are of living members now. */
export interface GeneratedHouseholdRecord {
  id: string;
  /** Number on the household's registration form; unique. */
  registrationNumber: string;
  /** Sub-county, e.g. `KE.23.02`. */
  areaCode: string;
  residence: 'RURAL' | 'URBAN';
  address: GeneratedAddress | null;
  status: RegistrationStatus;
  headPersonId: string;
  size: number;
  /** Members under 18, from 18 to 59, and of 60 and over. */
  children: number;
  adults: number;
  elderly: number;
  povertyScore: { value: number; band: ScoreBand; type: string; version: string; assessedOn: string };
  assistanceUnit: 'MEMBER' | 'HOUSEHOLD' | 'FAMILY';
  registeredOn: string;
  updatedOn: string;
}

/** A person's place in a household from a first to a last day, both included. An ended one may be of another household. */
export interface GeneratedMembership {
  id: string;
  personId: string;
  householdId: string;
  /** Area of that household. */
  areaCode: string;
  relationship: Relationship;
  recipientRole: 'PRIMARY' | 'ALTERNATE' | null;
  validFrom: string;
  validTo: string | null;
}

/** What went wrong in a duplicate registration. */
export type DuplicateError =
  | 'BIRTH_DAY_MONTH_SWAPPED'
  | 'BIRTH_YEAR_OFF'
  | 'NAME_TYPO'
  | 'NAMES_SWAPPED'
  | 'NAME_PHONETIC'
  | 'SECOND_NAME_MISSING'
  | 'SEX_WRONG'
  | 'IDENTIFIER_MISSING'
  | 'IDENTIFIER_MISREAD'
  | 'IDENTIFIER_OF_OTHER_TYPE'
  | 'PHONE_CHANGED';

/** A line of the truth table: not for the registry, but for measuring what its duplicate search finds. */
export interface DuplicateTruth {
  personId: string;
  duplicateOfPersonId: string;
  errors: readonly DuplicateError[];
}

/** A change of state of an enrollment. */
export interface GeneratedEnrollmentEvent {
  from: EnrollmentStatus | null;
  to: EnrollmentStatus;
  on: string;
  reason: EnrollmentReason;
  decision: string | null;
}

/** A place in a program. For a household program `personId` stands for the household. */
export interface GeneratedEnrollment {
  id: string;
  personId: string;
  householdId: string | null;
  programId: string;
  programCode: string;
  sensitive: boolean;
  status: EnrollmentStatus;
  statusSince: string;
  /** Day on which it begins, as applied or as enrolled. */
  startsOn: string;
  endsOn: string | null;
  history: readonly GeneratedEnrollmentEvent[];
}

/** What an enrollment entitles to in one cycle: an amount of KES, or a quantity. */
export interface GeneratedBenefit {
  id: string;
  enrollmentId: string;
  personId: string;
  programId: string;
  sensitive: boolean;
  /** Number of the cycle within its program. */
  cycle: number;
  type: BenefitType;
  /** Decimal text with two places. */
  amount: string | null;
  quantity: string | null;
  unit: string | null;
  validFrom: string;
  validUntil: string;
  status: BenefitStatus;
}

/** A bank account, mobile wallet or voucher card. */
export interface GeneratedAccount {
  id: string;
  personId: string;
  kind: 'BANK_ACCOUNT' | 'MOBILE_WALLET' | 'VOUCHER';
  providerId: string;
  number: string;
  maskedNumber: string;
  verified: boolean;
  primary: boolean;
  status: 'ACTIVE' | 'CLOSED' | 'BLOCKED';
  openedOn: string;
}

/** One transfer in KES. Amounts are decimal texts with two places. */
export interface GeneratedPayment {
  id: string;
  benefitId: string;
  enrollmentId: string;
  programId: string;
  programCode: string;
  sensitive: boolean;
  batchId: string;
  /** Who is enrolled, and who collects. */
  personId: string;
  recipientId: string;
  accountId: string;
  providerId: string;
  entitled: string;
  delivered: string | null;
  dueOn: string;
  /** ISO moments. */
  sentAt: string | null;
  deliveredAt: string | null;
  providerReference: string | null;
  status: PaymentStatus;
  reason: PaymentReason | null;
}

/** A consent of a person to one consumer and purpose. */
export interface GeneratedConsent {
  id: string;
  personId: string;
  recipient: 'bank' | 'clinic' | 'research-lab';
  purpose: 'PAYMENT_DELIVERY' | 'HEALTH_SERVICE' | 'RESEARCH';
  categories: readonly ('CONTACT' | 'DISABILITY' | 'HEALTH' | 'DEMOGRAPHIC')[];
  status: 'GIVEN' | 'REFUSED' | 'WITHDRAWN' | 'EXPIRED';
  givenBy: 'SELF' | 'PARENT' | 'GUARDIAN' | 'PROXY';
  method: 'PAPER' | 'SPOKEN' | 'ONLINE' | 'PHONE';
  validFrom: string;
  validUntil: string | null;
  withdrawnOn: string | null;
}

/** A household with all that belongs to it. Memberships may point to a household given out earlier, never to a later one. */
export interface GeneratedHousehold {
  /** Position in the country, from 0. */
  index: number;
  household: GeneratedHouseholdRecord;
  persons: readonly GeneratedPerson[];
  memberships: readonly GeneratedMembership[];
  identifiers: readonly GeneratedIdentifier[];
  enrollments: readonly GeneratedEnrollment[];
  benefits: readonly GeneratedBenefit[];
  accounts: readonly GeneratedAccount[];
  payments: readonly GeneratedPayment[];
  consents: readonly GeneratedConsent[];
  /** Persons of this household who were registered before in another: the truth, kept apart from the data. */
  duplicates: readonly DuplicateTruth[];
}
