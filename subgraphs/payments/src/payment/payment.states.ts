/** Which state may follow which by a provider's report. A payment that was not delivered may be sent again; one that was taken back is over. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['SENT', 'DELIVERED', 'PARTIALLY_DELIVERED', 'NOT_DELIVERED', 'FAILED'],
  SENT: ['SENT', 'DELIVERED', 'PARTIALLY_DELIVERED', 'NOT_DELIVERED', 'FAILED'],
  PARTIALLY_DELIVERED: ['PARTIALLY_DELIVERED', 'DELIVERED', 'REVERSED'],
  DELIVERED: ['REVERSED'],
  NOT_DELIVERED: ['SENT', 'DELIVERED', 'PARTIALLY_DELIVERED', 'FAILED'],
  FAILED: ['SENT', 'DELIVERED', 'PARTIALLY_DELIVERED', 'NOT_DELIVERED'],
  REVERSED: [],
  CANCELLED: [],
};

/** States that a provider reports. The others are the registry's own. */
export const REPORTED: readonly string[] = ['SENT', 'DELIVERED', 'PARTIALLY_DELIVERED', 'NOT_DELIVERED', 'FAILED', 'REVERSED'];
/** Whether one state may follow another. */
export const mayFollow = (from: string, to: string): boolean => NEXT[from]?.includes(to) ?? false;
/** Whether a report of this state must say why. */
export const needsReason = (status: string): boolean => status !== 'SENT' && status !== 'DELIVERED';
