/** Codes of the registries' schemas. */
export type Sex = 'MALE' | 'FEMALE' | 'OTHER' | 'UNKNOWN';
/** Civil status. */
export type MaritalStatus = 'SINGLE' | 'MARRIED' | 'WIDOWED' | 'ANNULLED' | 'DIVORCED' | 'SEPARATED' | 'UNKNOWN';
/** State of a registration. */
export type RegistrationStatus = 'ACTIVE' | 'INACTIVE' | 'DECEASED' | 'DUPLICATE' | 'WITHDRAWN';
/** Employment status. */
export type EmploymentStatus = 'EMPLOYED' | 'SELF_EMPLOYED' | 'CASUAL' | 'UNEMPLOYED' | 'INACTIVE' | 'UNKNOWN';
/** Income in bands. */
export type IncomeLevel = 'NONE' | 'VERY_LOW' | 'LOW' | 'MIDDLE' | 'HIGH';
/** Kind of identifying number. */
export type IdentifierType = 'UIN' | 'BRN' | 'MRN' | 'DRN' | 'PASSPORT' | 'VOTER' | 'REFUGEE' | 'PROGRAM' | 'PHONE';
/** Functional domain of a disability (Washington Group). */
export type DisabilityType = 'VIS' | 'HEAR' | 'MOB' | 'COG' | 'SC' | 'COM_SS';
/** Relationship to the head of the household. */
export type Relationship =
  | 'HEAD'
  | 'SPOUSE'
  | 'CHILD'
  | 'PARENT'
  | 'GRANDPARENT'
  | 'GRANDCHILD'
  | 'SIBLING'
  | 'IN_LAW'
  | 'NEPHEW_NIECE'
  | 'COUSIN'
  | 'FOSTER_CHILD'
  | 'OTHER'
  | 'NONE';
/** Fifths of all households by poverty score, poorest first. */
export type ScoreBand = 'POOREST' | 'POOR' | 'VULNERABLE' | 'RESILIENT' | 'BETTER_OFF';
/** State of an enrollment. */
export type EnrollmentStatus =
  | 'APPLIED'
  | 'WAITLISTED'
  | 'ENROLLED'
  | 'SUSPENDED'
  | 'AWAITING_RENEWAL'
  | 'GRADUATED'
  | 'EXITED'
  | 'DECEASED'
  | 'NOT_ELIGIBLE'
  | 'DUPLICATED';
/** Why an enrollment changed its state. */
export type EnrollmentReason =
  | 'APPLICATION'
  | 'CRITERIA_MET'
  | 'CRITERIA_NOT_MET'
  | 'NO_PLACE'
  | 'CONDITIONS_NOT_MET'
  | 'NOT_COLLECTED'
  | 'RECERTIFICATION_DUE'
  | 'RECERTIFIED'
  | 'OWN_WISH'
  | 'MOVED'
  | 'IMPROVED'
  | 'AGE_LIMIT'
  | 'DEATH'
  | 'DUPLICATE'
  | 'CORRECTION'
  | 'PROGRAM_END';
/** What is given. */
export type BenefitType = 'CASH' | 'VOUCHER' | 'IN_KIND' | 'TRAINING' | 'WORK' | 'INSURANCE';
/** State of a benefit. */
export type BenefitStatus = 'DRAFT' | 'APPROVED' | 'ISSUED' | 'CANCELLED' | 'EXPIRED';
/** State of a payment. */
export type PaymentStatus =
  | 'PENDING'
  | 'SENT'
  | 'DELIVERED'
  | 'PARTIALLY_DELIVERED'
  | 'NOT_DELIVERED'
  | 'FAILED'
  | 'REVERSED'
  | 'CANCELLED';
/** Why a payment did not arrive whole. */
export type PaymentReason =
  | 'ACCOUNT_INVALID'
  | 'NAME_MISMATCH'
  | 'NOT_COLLECTED'
  | 'PROVIDER_ERROR'
  | 'DECEASED'
  | 'DUPLICATE'
  | 'UNDER_REVIEW'
  | 'OTHER';
