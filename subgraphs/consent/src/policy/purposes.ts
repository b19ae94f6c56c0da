import type { Purpose } from '@commonweal/schema';

/** Names of the purposes. */
export const PURPOSE_NAMES: Readonly<Record<Purpose, string>> = {
  PROGRAM_MANAGEMENT: 'Managing a program and those enrolled in it',
  'PROGRAM_MANAGEMENT.ELIGIBILITY': 'Finding out who is eligible for a program',
  CASE_MANAGEMENT: 'Helping a person or household as a case worker',
  REGISTRATION: 'Registering persons and households in the field',
  SELF_SERVICE: 'Looking after one’s own data',
  POLICY: 'Planning and overseeing social protection',
  PAYMENT_DELIVERY: 'Paying benefits out',
  SERVICE_VERIFICATION: 'Finding out whether somebody is entitled to a service',
  HEALTH_SERVICE: 'Giving health care',
  RESEARCH: 'Research',
  'RESEARCH.HEALTH': 'Research on health',
  ADMINISTRATION: 'Running the registry',
  AUDIT: 'Overseeing who uses data',
  PUBLIC_INFORMATION: 'Informing the public',
};
