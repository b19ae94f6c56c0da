import type { EnrollmentStatus } from './codes.ts';

/** The states an enrollment may begin in. */
export const firstStates: readonly EnrollmentStatus[] = ['APPLIED', 'WAITLISTED', 'ENROLLED'];

/** The states an enrollment may pass to from each state, as in the programs registry. States without followers are final. */
export const allowedTransitions: Readonly<Record<EnrollmentStatus, readonly EnrollmentStatus[]>> = {
  APPLIED: ['WAITLISTED', 'ENROLLED', 'NOT_ELIGIBLE', 'DUPLICATED', 'EXITED', 'DECEASED'],
  WAITLISTED: ['ENROLLED', 'NOT_ELIGIBLE', 'EXITED', 'DUPLICATED', 'DECEASED'],
  ENROLLED: ['SUSPENDED', 'AWAITING_RENEWAL', 'GRADUATED', 'EXITED', 'DECEASED', 'DUPLICATED', 'NOT_ELIGIBLE'],
  SUSPENDED: ['ENROLLED', 'EXITED', 'DECEASED', 'DUPLICATED', 'NOT_ELIGIBLE', 'AWAITING_RENEWAL'],
  AWAITING_RENEWAL: ['ENROLLED', 'SUSPENDED', 'EXITED', 'NOT_ELIGIBLE', 'DECEASED', 'GRADUATED', 'DUPLICATED'],
  GRADUATED: [],
  EXITED: [],
  DECEASED: [],
  NOT_ELIGIBLE: [],
  DUPLICATED: [],
};
