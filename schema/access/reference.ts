import type { AccessClass, AccessUse, ConsumerKind } from './classes.ts';
import type { Disclosure, PolicySnapshot, SharingPolicy } from './policy.ts';
import type { OperationsMode, Principal } from './principal.ts';

/** A consumer of the demo country. */
export interface ReferenceConsumer {
  readonly id: string;
  readonly kind: ConsumerKind;
  readonly name: string;
  readonly outsideGovernment: boolean;
  /** Code of the payment provider that it is. */
  readonly provider: string | null;
}

/** The consumers of the demo country: one of each kind, and a second program. */
export const REFERENCE_CONSUMERS: readonly ReferenceConsumer[] = [
  { id: 'opct-office', kind: 'program_admin', name: 'Office of the Older Persons Cash Transfer', outsideGovernment: false, provider: null },
  { id: 'hsnp-office', kind: 'program_admin', name: 'Office of the Hunger Safety Net', outsideGovernment: false, provider: null },
  { id: 'county-services', kind: 'case_worker', name: 'County Social Services', outsideGovernment: false, provider: null },
  { id: 'self-service', kind: 'beneficiary', name: 'Citizens, for themselves', outsideGovernment: true, provider: null },
  { id: 'ministry', kind: 'official', name: 'Ministry of Social Protection', outsideGovernment: false, provider: null },
  { id: 'bank', kind: 'payment_provider', name: 'Highland Savings Bank', outsideGovernment: true, provider: 'HIGHLAND' },
  { id: 'clinic', kind: 'service_provider', name: 'Lodwar Health Center', outsideGovernment: true, provider: null },
  { id: 'research-lab', kind: 'analyst', name: 'Institute of Development Research', outsideGovernment: true, provider: null },
  { id: 'field-team', kind: 'field_worker', name: 'Registration Teams', outsideGovernment: false, provider: null },
  { id: 'operations', kind: 'system_admin', name: 'Registry Operations', outsideGovernment: false, provider: null },
  { id: 'data-protection', kind: 'auditor', name: 'Data Protection Commissioner', outsideGovernment: false, provider: null },
  { id: 'anonymous', kind: 'anonymous', name: 'The public', outsideGovernment: true, provider: null },
];

/** What the consumers of the demo country may run: all of them anything, so that it can be asked from the playground. A consumer outside government may not unless its row says so. */
export const REFERENCE_OPERATIONS: OperationsMode = 'ANY';

/** A sharing policy of the demo country; programs and providers are named by code, and get their ids when it is seeded. */
export interface ReferencePolicy extends Omit<SharingPolicy, 'id' | 'programs' | 'providers' | 'validFrom' | 'validUntil'> {
  readonly programs: Readonly<Record<string, string>>;
  readonly programCodes: readonly string[];
  readonly providerCodes: readonly string[];
}

type Grants = Partial<Record<AccessClass, readonly AccessUse[]>>;
const PUBLIC: Grants = { OPEN: ['READ'] };
const give = (uses: readonly AccessUse[], ...classes: AccessClass[]): Grants => Object.fromEntries(classes.map((c) => [c, uses]));
const COUNTRY = ['KE'];

interface Wish {
  readonly consumer: string;
  readonly purpose: string;
  readonly lawfulBasis: string;
  readonly grants: Grants;
  readonly disclosure: Disclosure;
  readonly agreement?: string;
  readonly areas?: readonly string[];
  readonly programCodes?: readonly string[];
  readonly allOrdinaryPrograms?: boolean;
  readonly providerCodes?: readonly string[];
  readonly allProviders?: boolean;
  readonly selfOnly?: boolean;
  readonly fieldsOnly?: SharingPolicy['fieldsOnly'];
  readonly actions?: readonly string[];
  readonly consentClasses?: readonly AccessClass[];
  readonly consentForRows?: boolean;
}

const policy = (w: Wish): ReferencePolicy =>
  ({
    agreement: null,
    areas: COUNTRY,
    programs: {},
    programCodes: [],
    allOrdinaryPrograms: false,
    providerCodes: [],
    providers: [],
    allProviders: false,
    selfOnly: false,
    fieldsOnly: {},
    actions: [],
    consentClasses: [],
    consentForRows: false,
    ...w,
    grants: { ...PUBLIC, ...w.grants },
  }) as ReferencePolicy;

const PROGRAM_OFFICE: Grants = {
  ...give(['READ'], 'REFERENCE', 'CONTACT', 'ADDRESS', 'ACCOUNT', 'CONSENT', 'FREE_TEXT', 'DISABILITY', 'AUDIT'),
  ...give(['READ', 'FILTER', 'SORT'], 'NAME', 'SOCIOECONOMIC'),
  ...give(['READ', 'FILTER', 'SORT', 'GROUP', 'AGGREGATE'], 'DEMOGRAPHIC', 'AREA', 'HOUSEHOLD', 'SCORE', 'BENEFIT', 'PAYMENT'),
  PROGRAM: ['READ', 'FILTER', 'SORT', 'GROUP', 'AGGREGATE', 'WRITE'],
  IDENTIFIER: ['VERIFY'],
};
const programOffice = (consumer: string, code: string): ReferencePolicy[] => [
  policy({
    consumer,
    purpose: 'PROGRAM_MANAGEMENT',
    lawfulBasis: 'PUBLIC_TASK',
    grants: PROGRAM_OFFICE,
    programCodes: [code],
    allProviders: true,
    actions: ['enrollment.enroll', 'enrollment.change'],
    consentClasses: ['DISABILITY'],
    disclosure: 'DENY',
  }),
  // A first assessment looks at people who are in no program yet: fewer fields, all ordinary programs' people, nothing to reach them by.
  policy({
    consumer,
    purpose: 'PROGRAM_MANAGEMENT.ELIGIBILITY',
    lawfulBasis: 'PUBLIC_TASK',
    programCodes: [code],
    allOrdinaryPrograms: true,
    allProviders: true,
    disclosure: 'DENY',
    grants: {
      ...give(['READ'], 'REFERENCE', 'NAME'),
      ...give(['READ', 'FILTER'], 'DEMOGRAPHIC', 'AREA', 'HOUSEHOLD', 'SCORE'),
      IDENTIFIER: ['VERIFY'],
    },
  }),
];
const COUNTS: Grants = give(
  ['GROUP', 'AGGREGATE'],
  'DEMOGRAPHIC',
  'AREA',
  'HOUSEHOLD',
  'SOCIOECONOMIC',
  'SCORE',
  'DISABILITY',
  'PROGRAM',
  'BENEFIT',
  'PAYMENT',
);

/** What is shared in the demo country. */
export const REFERENCE_POLICIES: readonly ReferencePolicy[] = [
  ...programOffice('opct-office', 'OPCT'),
  ...programOffice('hsnp-office', 'HSNP'),
  policy({
    consumer: 'county-services',
    purpose: 'CASE_MANAGEMENT',
    lawfulBasis: 'PUBLIC_TASK',
    allOrdinaryPrograms: true,
    allProviders: true,
    disclosure: 'DENY',
    grants: {
      ...give(['READ'], 'REFERENCE', 'FREE_TEXT', 'DISABILITY'),
      ...give(['READ', 'FILTER', 'SORT', 'WRITE'], 'NAME', 'DEMOGRAPHIC', 'AREA', 'HOUSEHOLD', 'PROGRAM'),
      ...give(['READ', 'WRITE'], 'CONTACT', 'ADDRESS', 'SOCIOECONOMIC', 'CONSENT'),
      ...give(['READ', 'FILTER', 'SORT'], 'SCORE', 'BENEFIT', 'PAYMENT'),
      IDENTIFIER: ['VERIFY', 'WRITE'],
    },
    actions: [
      'person.register',
      'household.register',
      'membership.change',
      'enrollment.enroll',
      'enrollment.change',
      'consent.record',
      'consent.withdraw',
    ],
    consentClasses: ['DISABILITY'],
  }),
  policy({
    consumer: 'self-service',
    purpose: 'SELF_SERVICE',
    lawfulBasis: 'LEGAL_OBLIGATION',
    selfOnly: true,
    areas: [],
    disclosure: 'HIDE',
    grants: {
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
        'PROGRAM',
        'BENEFIT',
        'PAYMENT',
        'AUDIT',
      ),
      ...give(['READ', 'WRITE'], 'CONTACT', 'ACCOUNT', 'CONSENT'),
    },
    actions: ['consent.record', 'consent.withdraw'],
  }),
  policy({
    consumer: 'ministry',
    purpose: 'POLICY',
    lawfulBasis: 'PUBLIC_TASK',
    grants: COUNTS,
    allOrdinaryPrograms: true,
    allProviders: true,
    disclosure: 'HIDE',
  }),
  policy({
    consumer: 'bank',
    purpose: 'PAYMENT_DELIVERY',
    lawfulBasis: 'CONTRACT',
    agreement: 'PAYMENTS',
    allOrdinaryPrograms: true,
    providerCodes: ['HIGHLAND'],
    disclosure: 'HIDE',
    grants: { ...give(['READ'], 'REFERENCE', 'NAME', 'ACCOUNT', 'CONTACT', 'CONSENT'), PAYMENT: ['READ', 'FILTER', 'SORT', 'WRITE'] },
    actions: ['payment.record'],
    consentClasses: ['CONTACT'],
  }),
  policy({
    consumer: 'bank',
    purpose: 'SERVICE_VERIFICATION',
    lawfulBasis: 'PUBLIC_TASK',
    agreement: 'PAYMENTS',
    allOrdinaryPrograms: true,
    allProviders: true,
    disclosure: 'HIDE',
    grants: { ...give(['VERIFY'], 'IDENTIFIER', 'NAME', 'PROGRAM') },
    actions: ['beneficiary.verify'],
  }),
  policy({
    consumer: 'clinic',
    purpose: 'SERVICE_VERIFICATION',
    lawfulBasis: 'PUBLIC_TASK',
    agreement: 'HEALTH',
    allOrdinaryPrograms: true,
    allProviders: true,
    disclosure: 'HIDE',
    grants: { ...give(['VERIFY'], 'IDENTIFIER', 'NAME', 'DEMOGRAPHIC', 'PROGRAM', 'BENEFIT') },
    actions: ['beneficiary.verify'],
  }),
  policy({
    consumer: 'clinic',
    purpose: 'HEALTH_SERVICE',
    lawfulBasis: 'CONSENT',
    agreement: 'HEALTH',
    allOrdinaryPrograms: true,
    allProviders: true,
    consentForRows: true,
    disclosure: 'HIDE',
    grants: { ...give(['READ'], 'REFERENCE', 'NAME', 'CONTACT', 'DISABILITY', 'CONSENT') },
    consentClasses: ['NAME', 'CONTACT', 'DISABILITY'],
  }),
  policy({
    consumer: 'research-lab',
    purpose: 'RESEARCH',
    lawfulBasis: 'PUBLIC_TASK',
    agreement: 'RESEARCH',
    grants: COUNTS,
    allOrdinaryPrograms: true,
    allProviders: true,
    disclosure: 'HIDE',
  }),
  policy({
    consumer: 'field-team',
    purpose: 'REGISTRATION',
    lawfulBasis: 'PUBLIC_TASK',
    allOrdinaryPrograms: true,
    allProviders: true,
    disclosure: 'DENY',
    grants: {
      ...give(['READ'], 'REFERENCE', 'PROGRAM'),
      ...give(['READ', 'FILTER', 'WRITE'], 'NAME', 'DEMOGRAPHIC', 'AREA', 'HOUSEHOLD'),
      ...give(['READ', 'WRITE'], 'CONTACT', 'ADDRESS'),
      ...give(['WRITE'], 'IDENTIFIER', 'SOCIOECONOMIC', 'DISABILITY', 'CONSENT'),
    },
    actions: ['person.register', 'household.register', 'membership.change', 'consent.record'],
  }),
  policy({
    consumer: 'operations',
    purpose: 'ADMINISTRATION',
    lawfulBasis: 'PUBLIC_TASK',
    areas: [],
    disclosure: 'DENY',
    grants: { SYSTEM: ['READ'], AUDIT: ['READ', 'FILTER'] },
    actions: ['audit.all'],
  }),
  policy({
    consumer: 'data-protection',
    purpose: 'AUDIT',
    lawfulBasis: 'LEGAL_OBLIGATION',
    allOrdinaryPrograms: true,
    allProviders: true,
    disclosure: 'DENY',
    grants: { REFERENCE: ['READ'], CONSENT: ['READ', 'FILTER'], AUDIT: ['READ', 'FILTER'], SYSTEM: ['READ'] },
    actions: ['audit.all'],
  }),
  policy({
    consumer: 'anonymous',
    purpose: 'PUBLIC_INFORMATION',
    lawfulBasis: 'PUBLIC_TASK',
    grants: {},
    areas: [],
    allOrdinaryPrograms: true,
    disclosure: 'HIDE',
  }),
];

/** Somebody to try the local system as. */
export interface Persona {
  readonly title: string;
  readonly consumer: string;
  readonly user: string;
  /** The first is taken unless another is asked for. */
  readonly purposes: readonly string[];
  readonly scopes: readonly string[];
  readonly areas?: readonly string[];
  readonly programs?: readonly string[];
  /** The demo beneficiary, named in the data folder when the country is seeded. */
  readonly person?: 'demo';
}

const LOOK = ['read', 'filter', 'sort'];
const EDIT = [...LOOK, 'verify', 'write'];
const COUNT = ['read', 'group', 'aggregate'];

/** The personas of the local system, by name. The dev issuer that signs for them exists only there. */
export const PERSONAS: Readonly<Record<string, Persona>> = {
  'program-admin': {
    title: 'Officer of the Older Persons Cash Transfer',
    consumer: 'opct-office',
    user: 'officer-1',
    purposes: ['PROGRAM_MANAGEMENT', 'PROGRAM_MANAGEMENT.ELIGIBILITY'],
    scopes: [...EDIT, 'group', 'aggregate'],
  },
  'program-admin-2': {
    title: 'Officer of the Hunger Safety Net',
    consumer: 'hsnp-office',
    user: 'officer-2',
    purposes: ['PROGRAM_MANAGEMENT', 'PROGRAM_MANAGEMENT.ELIGIBILITY'],
    scopes: [...EDIT, 'group', 'aggregate'],
  },
  'case-worker': {
    title: 'Case worker in Turkana county',
    consumer: 'county-services',
    user: 'case-worker-1',
    purposes: ['CASE_MANAGEMENT'],
    scopes: EDIT,
    areas: ['KE.23'],
  },
  beneficiary: {
    title: 'A beneficiary',
    consumer: 'self-service',
    user: 'beneficiary-1',
    purposes: ['SELF_SERVICE'],
    scopes: ['read', 'write'],
    person: 'demo',
  },
  official: { title: 'Official of the ministry', consumer: 'ministry', user: 'official-1', purposes: ['POLICY'], scopes: COUNT },
  bank: {
    title: 'Bank that pays out',
    consumer: 'bank',
    user: 'bank-system',
    purposes: ['PAYMENT_DELIVERY', 'SERVICE_VERIFICATION'],
    scopes: EDIT,
  },
  clinic: {
    title: 'Clinic that waives fees',
    consumer: 'clinic',
    user: 'clinic-desk',
    purposes: ['SERVICE_VERIFICATION', 'HEALTH_SERVICE'],
    scopes: ['read', 'verify'],
  },
  analyst: { title: 'Researcher', consumer: 'research-lab', user: 'analyst-1', purposes: ['RESEARCH', 'RESEARCH.HEALTH'], scopes: COUNT },
  'field-worker': {
    title: 'Field worker in Turkana county',
    consumer: 'field-team',
    user: 'field-worker-1',
    purposes: ['REGISTRATION'],
    scopes: EDIT,
    areas: ['KE.23'],
  },
  'system-admin': {
    title: 'System administrator',
    consumer: 'operations',
    user: 'admin-1',
    purposes: ['ADMINISTRATION'],
    scopes: ['read', 'filter'],
  },
  auditor: { title: 'Auditor', consumer: 'data-protection', user: 'auditor-1', purposes: ['AUDIT'], scopes: ['read', 'filter'] },
  anonymous: {
    title: 'Anybody, without a token',
    consumer: 'anonymous',
    user: 'anonymous',
    purposes: ['PUBLIC_INFORMATION'],
    scopes: ['read'],
  },
};

/** The reference consumers and policies as a state of the policies, for tables, previews and tests. Programs and providers get the ids given by code. */
export function referenceSnapshot(
  ids: { programs: Readonly<Record<string, string>>; providers: Readonly<Record<string, string>> },
  epoch = 1,
): PolicySnapshot {
  return {
    epoch,
    consumers: Object.fromEntries(
      REFERENCE_CONSUMERS.map((c) => [
        c.id,
        {
          ...c,
          provider: c.provider === null ? null : (ids.providers[c.provider] ?? null),
          suspended: false,
          operations: REFERENCE_OPERATIONS,
        },
      ]),
    ),
    policies: REFERENCE_POLICIES.map(({ programCodes, providerCodes, ...p }, i) => ({
      ...p,
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      programs: Object.fromEntries(programCodes.flatMap((code) => (ids.programs[code] ? [[code, ids.programs[code]]] : []))),
      providers: providerCodes.flatMap((code) => (ids.providers[code] ? [ids.providers[code]] : [])),
      validFrom: '2020-01-01T00:00:00Z',
      validUntil: null,
    })),
  };
}

/** The principal that a persona's token makes, for one of its purposes. */
export function personaPrincipal(name: string, options: { purpose?: string; person?: string | null } = {}): Principal {
  const persona = PERSONAS[name];
  if (!persona) throw new Error(`There is no persona ${name}. There are: ${Object.keys(PERSONAS).join(', ')}.`);
  return {
    consumer: persona.consumer,
    user: persona.user,
    purpose: options.purpose ?? persona.purposes[0]!,
    scopes: persona.scopes,
    person: persona.person ? (options.person ?? null) : null,
    areas: persona.areas ?? null,
    programs: persona.programs ?? null,
  };
}
