import {
  type AccessClass,
  type AccessUse,
  ANONYMOUS,
  type Consumer,
  type ConsumerKind,
  type Disclosure,
  type PolicySnapshot,
  type Principal,
  type SharingPolicy,
} from '@commonweal/schema';

type Grants = Partial<Record<AccessClass, readonly AccessUse[]>>;
const ALL_SCOPES = ['read', 'filter', 'sort', 'group', 'aggregate', 'verify', 'write', 'export'];

const consumer = (id: string, kind: ConsumerKind): Consumer => ({
  id,
  kind,
  name: id,
  outsideGovernment: kind === 'payment_provider' || kind === 'service_provider',
  provider: null,
  suspended: false,
  operations: 'ANY',
});
/** A sharing policy with everything that a test does not name left empty. */
export const policy = (id: string, of: string, purpose: string, grants: Grants, more: Partial<SharingPolicy> = {}): SharingPolicy => ({
  id,
  consumer: of,
  purpose,
  lawfulBasis: 'PUBLIC_TASK',
  agreement: `agreement of ${of}`,
  areas: ['KE'],
  programs: {},
  allOrdinaryPrograms: true,
  providers: [],
  allProviders: true,
  selfOnly: false,
  grants: { OPEN: ['READ'], ...grants },
  fieldsOnly: {},
  actions: [],
  consentClasses: [],
  consentForRows: false,
  disclosure: 'DENY' as Disclosure,
  validFrom: '2020-01-01T00:00:00Z',
  validUntil: null,
  ...more,
});
/** A caller with every scope. */
export const principal = (of: string, purpose: string, more: Partial<Principal> = {}): Principal => ({
  consumer: of,
  user: `user of ${of}`,
  purpose,
  scopes: ALL_SCOPES,
  person: null,
  areas: null,
  programs: null,
  ...more,
});

/** DENY mode. Sees names and households, filters by sex and area, registers people; not contact details, numbers, income, health. */
export const CASE_WORKER = principal('district', 'CASE_MANAGEMENT', { areas: ['KE.23'] });
/** HIDE mode. Sees the payments it delivers, and whom to pay. */
export const BANK = principal('bank', 'PAYMENT_DELIVERY');
/** HIDE mode. Hears yes or no. */
export const CLINIC = principal('clinic', 'SERVICE_VERIFICATION');
/** HIDE mode. Counts. */
export const ANALYST = principal('institute', 'RESEARCH');
/** HIDE mode. Without a token. */
export const STRANGER = ANONYMOUS;

/** The sharing policies of the tests. */
export const SNAPSHOT: PolicySnapshot = {
  epoch: 1,
  consumers: Object.fromEntries(
    [
      consumer('district', 'case_worker'),
      consumer('bank', 'payment_provider'),
      consumer('clinic', 'service_provider'),
      consumer('institute', 'analyst'),
      consumer('anonymous', 'anonymous'),
    ].map((c) => [c.id, c]),
  ),
  policies: [
    policy(
      'p1',
      'district',
      'CASE_MANAGEMENT',
      {
        REFERENCE: ['READ'],
        NAME: ['READ', 'FILTER', 'SORT', 'WRITE'],
        DEMOGRAPHIC: ['READ', 'FILTER', 'WRITE'],
        AREA: ['READ', 'FILTER', 'WRITE'],
        HOUSEHOLD: ['READ', 'WRITE'],
        PROGRAM: ['READ'],
      },
      { actions: ['person.register', 'household.register', 'membership.change'] },
    ),
    policy(
      'p2',
      'bank',
      'PAYMENT_DELIVERY',
      { REFERENCE: ['READ'], NAME: ['READ'], PAYMENT: ['READ', 'FILTER', 'WRITE'], ACCOUNT: ['READ'] },
      { actions: ['payment.record'], disclosure: 'HIDE' },
    ),
    policy(
      'p3',
      'bank',
      'SERVICE_VERIFICATION',
      { PROGRAM: ['VERIFY'], IDENTIFIER: ['VERIFY'], NAME: ['VERIFY'] },
      { actions: ['beneficiary.verify'], disclosure: 'HIDE' },
    ),
    policy(
      'p4',
      'clinic',
      'SERVICE_VERIFICATION',
      { REFERENCE: ['READ'], NAME: ['VERIFY'], IDENTIFIER: ['VERIFY'], DEMOGRAPHIC: ['VERIFY'], PROGRAM: ['VERIFY'], BENEFIT: ['VERIFY'] },
      { actions: ['beneficiary.verify'], disclosure: 'HIDE' },
    ),
    policy(
      'p5',
      'institute',
      'RESEARCH',
      { DEMOGRAPHIC: ['GROUP', 'AGGREGATE'], AREA: ['GROUP', 'AGGREGATE'], PROGRAM: ['GROUP', 'AGGREGATE'] },
      { disclosure: 'HIDE' },
    ),
    policy('p6', 'anonymous', 'PUBLIC_INFORMATION', {}, { disclosure: 'HIDE' }),
  ],
};
