import type { Entity } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { benefit } from './benefit.table.ts';

const b = alias(benefit, 'b');

/** The benefit's row in statements. */
export { b };

/** How benefits are read. */
export const benefitEntity: Entity = {
  type: 'Benefit',
  from: sql`${benefit} as b`,
  key: sql`${b.benefitId}`,
  owner: sql`${b.personId}`,
  gate: 'Benefit.id',
  scope: { person: sql`${b.personId}`, area: sql`${b.areaPath}`, program: { id: sql`${b.programId}`, sensitive: sql`${b.sensitive}` } },
  parts: { amount: sql`${b.amount} is not null` },
  fields: {
    enrollment: sql`${b.enrollmentId}`,
    cycle: sql`${b.cycleSequence}`,
    type: sql`${b.type}`,
    'amount.amount': sql`${b.amount}`,
    'amount.currency': sql`${b.currency}`,
    quantity: sql`${b.quantity}`,
    unit: sql`${b.unit}`,
    validFrom: sql`${b.validFrom}`,
    validUntil: sql`${b.validUntil}`,
    status: sql`${b.status}`,
  },
};
