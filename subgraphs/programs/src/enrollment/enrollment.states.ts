/** States in which an enrollment is open: a person has one open enrollment in a program at the most. */
export const OPEN_STATES = ['APPLIED', 'WAITLISTED', 'ENROLLED', 'SUSPENDED', 'AWAITING_RENEWAL'] as const;
/** States to begin with, and the reason that is noted for each. */
export const FIRST_STATES: Readonly<Record<string, string>> = { APPLIED: 'APPLICATION', WAITLISTED: 'NO_PLACE', ENROLLED: 'CRITERIA_MET' };
/** Whether an enrollment in this state is open. */
export const isOpen = (status: string): boolean => (OPEN_STATES as readonly string[]).includes(status);
/** Whether an enrollment in this state counts as receiving. */
export const isCounted = (status: string): boolean => status === 'ENROLLED';
