import type { Entity } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { providerFields } from '../account/account.entity.ts';
import { payment, paymentEvent } from './payment.table.ts';

const p = alias(payment, 'p');
const v = alias(paymentEvent, 'v');

/** The payment's row in statements. */
export { p };

const scopeOf = (t: typeof p | typeof v) => ({
  person: sql`${t.personId}`,
  area: sql`${t.areaPath}`,
  program: { id: sql`${t.programId}`, sensitive: sql`${t.sensitive}` },
  provider: sql`${t.providerId}`,
});

/** Who collects a payment: somebody else where that is noted, else the person enrolled. */
export const collector = sql`coalesce(${p.recipientId}, ${p.personId})`;

/** How payments are read. Recipient, benefit, enrollment, program and account are links: whether the caller may know of them is asked again there. */
export const paymentEntity: Entity = {
  type: 'Payment',
  from: sql`${payment} as p`,
  key: sql`${p.paymentId}`,
  owner: sql`${p.personId}`,
  gate: 'Payment.id',
  scope: scopeOf(p),
  hidden: { $collector: collector },
  fields: {
    recipient: collector,
    benefit: sql`${p.benefitId}`,
    enrollment: sql`${p.enrollmentId}`,
    program: sql`${p.programId}`,
    account: sql`${p.accountId}`,
    ...providerFields(sql`${p.providerId}`),
    'entitled.amount': sql`${p.amountEntitled}`,
    'entitled.currency': sql`${p.currency}`,
    'delivered.amount': sql`${p.amountDelivered}`,
    'delivered.currency': sql`${p.currency}`,
    dueOn: sql`${p.dueOn}`,
    sentAt: sql`${p.sentAt}`,
    deliveredAt: sql`${p.deliveredAt}`,
    providerReference: sql`${p.providerReference}`,
    status: sql`${p.status}`,
    reason: sql`${p.reason}`,
  },
  links: { recipient: 'Person.id', benefit: 'Benefit.id', enrollment: 'Enrollment.id', program: 'Program.id' },
};

/** How reports on payments are read. Reached only from a payment that the caller may know of. */
export const eventEntity: Entity = {
  type: 'PaymentEvent',
  from: sql`${paymentEvent} as v`,
  key: sql`${v.eventId}`,
  owner: sql`${v.personId}`,
  gate: 'Payment.history',
  scope: scopeOf(v),
  fields: {
    from: sql`${v.fromStatus}`,
    to: sql`${v.toStatus}`,
    reason: sql`${v.reason}`,
    occurredAt: sql`${v.occurredAt}`,
    recordedAt: sql`${v.recordedAt}`,
  },
};
/** Columns of reports on payments. */
export const eventColumns = v;
