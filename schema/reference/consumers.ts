import type { ConsumerKind } from '../access/classes.ts';
import type { OperationsMode } from '../access/principal.ts';

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
