import { ACCESS_CLASSES, type AccessClass, type AccessUse, type ConsumerKind, type Purpose } from './classes.ts';
import type { Disclosure } from './policy.ts';

/** The most that a kind of consumer may ever be given, whatever a sharing policy says. */
export interface Ceiling {
  /** HIDE cannot be loosened to DENY by a policy. */
  readonly disclosure: Disclosure;
  readonly uses: Readonly<Partial<Record<AccessClass, readonly AccessUse[]>>>;
  /** Coordinates never given, although their class is. */
  readonly except: readonly string[];
  /** Classes of which only these coordinates may be given. */
  readonly only: Readonly<Partial<Record<AccessClass, readonly string[]>>>;
  /** Classes that always need the person's consent. */
  readonly consent: readonly AccessClass[];
  /** Only rows about the caller's own person. */
  readonly selfOnly: boolean;
  /** What the token must say for any row to be given: a user of this kind is always confined. */
  readonly claims: readonly ('areas' | 'programs' | 'person')[];
  readonly purposes: readonly Purpose[];
  readonly actions: readonly string[];
}

type Uses = Partial<Record<AccessClass, readonly AccessUse[]>>;
const OPEN: Uses = { OPEN: ['READ'] };
const SEE: readonly AccessUse[] = ['READ', 'FILTER', 'SORT'];
const COUNT: readonly AccessUse[] = ['GROUP', 'AGGREGATE'];
const give = (uses: readonly AccessUse[], ...classes: AccessClass[]): Uses => Object.fromEntries(classes.map((c) => [c, uses]));
const base = { except: [], only: {}, consent: [], selfOnly: false, claims: [] } as const;

/**
 * Per kind of consumer, classes x uses, purposes and actions. Reviewed like code: a line here decides for every country.
 * A person's numbers are written and compared, but read by nobody; a beneficiary sees the last four characters of their own.
 */
export const CEILINGS: Readonly<Record<ConsumerKind, Ceiling>> = {
  program_admin: {
    ...base,
    disclosure: 'DENY',
    uses: {
      ...OPEN,
      ...give(['READ'], 'REFERENCE', 'CONTACT', 'ADDRESS', 'ACCOUNT', 'CONSENT', 'GRIEVANCE', 'FREE_TEXT', 'AUDIT', 'DISABILITY', 'HEALTH'),
      ...give(SEE, 'NAME', 'SOCIOECONOMIC'),
      ...give([...SEE, ...COUNT], 'DEMOGRAPHIC', 'AREA', 'HOUSEHOLD', 'SCORE', 'BENEFIT', 'PAYMENT'),
      PROGRAM: [...SEE, ...COUNT, 'WRITE'],
      IDENTIFIER: ['VERIFY'],
    },
    except: ['Account.number'],
    consent: ['DISABILITY', 'HEALTH'],
    purposes: ['PROGRAM_MANAGEMENT', 'PROGRAM_MANAGEMENT.ELIGIBILITY'],
    actions: ['enrollment.enroll', 'enrollment.change'],
  },
  case_worker: {
    ...base,
    disclosure: 'DENY',
    uses: {
      ...OPEN,
      ...give(['READ'], 'REFERENCE', 'CONSENT', 'GRIEVANCE', 'FREE_TEXT', 'DISABILITY', 'HEALTH'),
      ...give([...SEE, 'WRITE'], 'NAME', 'DEMOGRAPHIC', 'AREA', 'HOUSEHOLD', 'PROGRAM'),
      ...give(['READ', 'WRITE'], 'CONTACT', 'ADDRESS'),
      ...give(SEE, 'SCORE', 'BENEFIT', 'PAYMENT'),
      SOCIOECONOMIC: ['READ', 'WRITE'],
      IDENTIFIER: ['VERIFY', 'WRITE'],
      CONSENT: ['READ', 'WRITE'],
    },
    consent: ['DISABILITY', 'HEALTH'],
    claims: ['areas'],
    purposes: ['CASE_MANAGEMENT'],
    actions: [
      'person.register',
      'household.register',
      'membership.change',
      'enrollment.enroll',
      'enrollment.change',
      'consent.record',
      'consent.withdraw',
    ],
  },
  beneficiary: {
    ...base,
    disclosure: 'HIDE',
    uses: {
      ...OPEN,
      ...give(
        ['READ'],
        'REFERENCE',
        'NAME',
        'IDENTIFIER',
        'DEMOGRAPHIC',
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
        'AUDIT',
        'GRIEVANCE',
      ),
      ...give(['READ', 'WRITE'], 'CONTACT', 'ACCOUNT', 'CONSENT'),
    },
    except: ['Identifier.value'],
    selfOnly: true,
    claims: ['person'],
    purposes: ['SELF_SERVICE'],
    actions: ['consent.record', 'consent.withdraw'],
  },
  official: {
    ...base,
    disclosure: 'HIDE',
    uses: {
      ...OPEN,
      ...give(
        COUNT,
        'DEMOGRAPHIC',
        'AREA',
        'HOUSEHOLD',
        'SOCIOECONOMIC',
        'SCORE',
        'DISABILITY',
        'HEALTH',
        'PROGRAM',
        'BENEFIT',
        'PAYMENT',
        'CONSENT',
        'AUDIT',
      ),
    },
    purposes: ['POLICY'],
    actions: [],
  },
  payment_provider: {
    ...base,
    disclosure: 'HIDE',
    uses: {
      ...OPEN,
      ...give(['READ'], 'REFERENCE', 'CONTACT', 'ACCOUNT', 'CONSENT', 'AUDIT'),
      NAME: ['READ', 'VERIFY'],
      IDENTIFIER: ['VERIFY'],
      PROGRAM: ['VERIFY'],
      BENEFIT: ['VERIFY'],
      PAYMENT: [...SEE, 'WRITE'],
    },
    consent: ['CONTACT'],
    purposes: ['PAYMENT_DELIVERY', 'SERVICE_VERIFICATION'],
    actions: ['payment.record', 'beneficiary.verify'],
  },
  service_provider: {
    ...base,
    disclosure: 'HIDE',
    uses: {
      ...OPEN,
      ...give(['READ'], 'REFERENCE', 'CONTACT', 'DISABILITY', 'HEALTH', 'CONSENT', 'AUDIT'),
      NAME: ['READ', 'VERIFY'],
      IDENTIFIER: ['VERIFY'],
      DEMOGRAPHIC: ['VERIFY'],
      PROGRAM: ['VERIFY'],
      BENEFIT: ['VERIFY'],
    },
    only: { DEMOGRAPHIC: ['Person.birthDate', 'Person.ageBand'] },
    consent: ['CONTACT', 'DISABILITY', 'HEALTH'],
    purposes: ['SERVICE_VERIFICATION', 'HEALTH_SERVICE'],
    actions: ['beneficiary.verify'],
  },
  analyst: {
    ...base,
    disclosure: 'HIDE',
    uses: {
      ...OPEN,
      ...give(COUNT, 'DEMOGRAPHIC', 'AREA', 'HOUSEHOLD', 'SOCIOECONOMIC', 'SCORE', 'DISABILITY', 'HEALTH', 'PROGRAM', 'BENEFIT', 'PAYMENT'),
    },
    purposes: ['RESEARCH', 'RESEARCH.HEALTH'],
    actions: [],
  },
  field_worker: {
    ...base,
    disclosure: 'DENY',
    uses: {
      ...OPEN,
      ...give(['READ'], 'REFERENCE', 'PROGRAM', 'BENEFIT'),
      ...give(['READ', 'FILTER', 'WRITE'], 'NAME', 'DEMOGRAPHIC', 'AREA', 'HOUSEHOLD'),
      ...give(['READ', 'WRITE'], 'CONTACT', 'ADDRESS'),
      ...give(['WRITE'], 'IDENTIFIER', 'SOCIOECONOMIC', 'DISABILITY', 'HEALTH', 'ACCOUNT', 'CONSENT'),
    },
    only: {
      PROGRAM: [
        'Person.enrollments',
        'Household.enrollments',
        'EnrollmentConnection.nodes',
        'EnrollmentConnection.edges',
        'EnrollmentEdge.node',
        'Enrollment.id',
        'Enrollment.ref',
        'Enrollment.program',
        'Enrollment.status',
        'Enrollment.statusSince',
      ],
      BENEFIT: [],
    },
    claims: ['areas'],
    purposes: ['REGISTRATION'],
    actions: ['person.register', 'household.register', 'membership.change', 'consent.record'],
  },
  system_admin: {
    ...base,
    disclosure: 'DENY',
    uses: { ...OPEN, SYSTEM: ['READ'], AUDIT: ['READ', 'FILTER'] },
    except: ['AccessLogEntry.categories', 'Person.accessLog'],
    purposes: ['ADMINISTRATION'],
    actions: ['audit.all'],
  },
  auditor: {
    ...base,
    disclosure: 'DENY',
    uses: { ...OPEN, REFERENCE: ['READ'], CONSENT: ['READ', 'FILTER'], AUDIT: ['READ', 'FILTER'], SYSTEM: ['READ'] },
    purposes: ['AUDIT'],
    actions: ['audit.all'],
  },
  anonymous: { ...base, disclosure: 'HIDE', uses: OPEN, purposes: ['PUBLIC_INFORMATION'], actions: [] },
};

/** Classes that a ceiling gives for a use; for tables and tests. */
export const classesGiven = (kind: ConsumerKind, use: AccessUse): AccessClass[] =>
  ACCESS_CLASSES.filter((c) => CEILINGS[kind].uses[c]?.includes(use));
