/** The closed lists of the access model. The SDL in `spec.graphql` holds the same names; `check.ts` proves that they agree. */

/** What a field is. Described in `spec.graphql`. */
export const ACCESS_CLASSES = [
  'OPEN',
  'NAME',
  'IDENTIFIER',
  'REFERENCE',
  'DEMOGRAPHIC',
  'CONTACT',
  'ADDRESS',
  'AREA',
  'HOUSEHOLD',
  'SOCIOECONOMIC',
  'SCORE',
  'DISABILITY',
  'HEALTH',
  'PROGRAM',
  'BENEFIT',
  'PAYMENT',
  'ACCOUNT',
  'CONSENT',
  'GRIEVANCE',
  'FREE_TEXT',
  'AUDIT',
  'SYSTEM',
] as const;
/** One class of fields. */
export type AccessClass = (typeof ACCESS_CLASSES)[number];

/** What a consumer does with a field: separate rights, none follows from another. */
export const ACCESS_USES = ['READ', 'FILTER', 'SORT', 'GROUP', 'AGGREGATE', 'VERIFY', 'WRITE', 'EXPORT'] as const;
/** One use of a field. */
export type AccessUse = (typeof ACCESS_USES)[number];

/** Kinds of consumer; each has a ceiling in `ceilings.ts`. */
export const CONSUMER_KINDS = [
  'program_admin',
  'case_worker',
  'beneficiary',
  'official',
  'payment_provider',
  'service_provider',
  'analyst',
  'field_worker',
  'system_admin',
  'auditor',
  'anonymous',
] as const;
/** One kind of consumer. */
export type ConsumerKind = (typeof CONSUMER_KINDS)[number];

/**
 * Purposes that a request may state: closed and hierarchical. A dot separates child from parent;
 * what is granted for the parent covers the child, never the reverse.
 */
export const PURPOSES = [
  'PROGRAM_MANAGEMENT',
  'PROGRAM_MANAGEMENT.ELIGIBILITY',
  'CASE_MANAGEMENT',
  'REGISTRATION',
  'SELF_SERVICE',
  'POLICY',
  'PAYMENT_DELIVERY',
  'SERVICE_VERIFICATION',
  'HEALTH_SERVICE',
  'RESEARCH',
  'RESEARCH.HEALTH',
  'ADMINISTRATION',
  'AUDIT',
  'PUBLIC_INFORMATION',
] as const;
/** One purpose. */
export type Purpose = (typeof PURPOSES)[number];

const WITH_PARENTS: ReadonlyMap<string, readonly string[]> = new Map(
  PURPOSES.map((purpose) => {
    const parts = purpose.split('.');
    return [purpose, parts.map((_, i) => parts.slice(0, parts.length - i).join('.'))];
  }),
);
const NONE: readonly string[] = [];

/** The purpose itself and all above it, nearest first; empty for a purpose that is not on the list. */
export const purposeAndParents = (purpose: string): readonly string[] => WITH_PARENTS.get(purpose) ?? NONE;

/** Categories of data that a consent covers, each a bit of the mask kept with a grant. Append only: the bit is the position. */
export const CONSENT_CATEGORIES = [
  'NAME',
  'DEMOGRAPHIC',
  'CONTACT',
  'ADDRESS',
  'HOUSEHOLD',
  'SOCIOECONOMIC',
  'DISABILITY',
  'HEALTH',
  'PROGRAM',
  'PAYMENT',
] as const;
/** One category of data. */
export type ConsentCategory = (typeof CONSENT_CATEGORIES)[number];

const CATEGORY_OF_CLASS: Partial<Record<AccessClass, ConsentCategory>> = {
  NAME: 'NAME',
  DEMOGRAPHIC: 'DEMOGRAPHIC',
  CONTACT: 'CONTACT',
  ADDRESS: 'ADDRESS',
  AREA: 'ADDRESS',
  HOUSEHOLD: 'HOUSEHOLD',
  SOCIOECONOMIC: 'SOCIOECONOMIC',
  SCORE: 'SOCIOECONOMIC',
  DISABILITY: 'DISABILITY',
  HEALTH: 'HEALTH',
  PROGRAM: 'PROGRAM',
  BENEFIT: 'PROGRAM',
  PAYMENT: 'PAYMENT',
  ACCOUNT: 'PAYMENT',
};

/** Bit of the consent category that covers a class; 0 for a class that no consent can open. */
export function consentBit(accessClass: AccessClass): number {
  const category = CATEGORY_OF_CLASS[accessClass];
  return category ? 1 << CONSENT_CATEGORIES.indexOf(category) : 0;
}

/** Mask of a list of categories. */
export const categoriesToMask = (categories: readonly ConsentCategory[]): number =>
  categories.reduce((mask, c) => mask | (1 << CONSENT_CATEGORIES.indexOf(c)), 0);

/** Categories of a mask, in the order of the list. */
export const maskToCategories = (mask: number): ConsentCategory[] => CONSENT_CATEGORIES.filter((_, i) => mask & (1 << i));
