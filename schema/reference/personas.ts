import type { Principal } from '../access/principal.ts';

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
