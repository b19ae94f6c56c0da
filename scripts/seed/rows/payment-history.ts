import { dayOf, isoMoment } from '../country/calendar.ts';
import type { PaymentStatus } from '../country/codes.ts';
import type { GeneratedPayment } from '../country/types.ts';

/** A change of state of a payment. */
export interface PaymentStep {
  readonly from: PaymentStatus | null;
  readonly to: PaymentStatus;
  readonly at: string;
}

const EVENING = 20 * 60;
const LAST_MINUTE = 23 * 60 + 59;

/** When the present state of a payment began. `asOf` is the last day on which anything happened. */
export function stateSince(payment: GeneratedPayment, asOf: number): string {
  const { status, sentAt, deliveredAt } = payment;
  switch (status) {
    case 'SENT':
      return sentAt ?? registeredAt(payment, asOf);
    case 'DELIVERED':
    case 'PARTIALLY_DELIVERED':
      return deliveredAt ?? registeredAt(payment, asOf);
    case 'REVERSED':
      return isoMoment(Math.min(asOf, dayOf((deliveredAt ?? payment.dueOn).slice(0, 10)) + 2), LAST_MINUTE);
    case 'NOT_DELIVERED':
      return isoMoment(Math.min(asOf, dayOf(payment.dueOn) + 14), EVENING);
    case 'FAILED':
    case 'CANCELLED':
      return isoMoment(Math.min(asOf, dayOf(payment.dueOn)), EVENING);
    case 'PENDING':
      return registeredAt(payment, asOf);
  }
}

/** The last two changes of state of a payment, oldest first: its whole history has up to four, and nobody asks for the older half. */
export function lastSteps(payment: GeneratedPayment, asOf: number): PaymentStep[] {
  const { status, sentAt, deliveredAt } = payment;
  const now = stateSince(payment, asOf);
  const registered: PaymentStep = { from: null, to: 'PENDING', at: registeredAt(payment, asOf) };
  if (status === 'PENDING') return [registered];
  if (status === 'CANCELLED' || status === 'SENT') return [registered, { from: 'PENDING', to: status, at: now }];
  if (status === 'REVERSED') {
    return [
      { from: 'SENT', to: 'DELIVERED', at: deliveredAt ?? now },
      { from: 'DELIVERED', to: 'REVERSED', at: now },
    ];
  }
  return [
    { from: 'PENDING', to: 'SENT', at: sentAt ?? now },
    { from: 'SENT', to: status, at: now },
  ];
}

/** Lists of payments are made a week before they are due. */
const registeredAt = ({ dueOn }: GeneratedPayment, asOf: number): string => isoMoment(Math.min(asOf, dayOf(dueOn) - 7), 6 * 60);
