import type { Entity } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { consumer, sharingPolicy } from './policy.table.ts';

/** The consumer's row in statements. */
export const u = alias(consumer, 'u');
/** The sharing policy's row in statements. */
export const s = alias(sharingPolicy, 's');

const consumerFields = { code: sql`${u.consumerId}`, kind: sql`${u.kind}`, name: sql`${u.name}`, suspended: sql`${u.suspended}` };

/** How consumers are read. */
export const consumerEntity: Entity = {
  type: 'Consumer',
  from: sql`${consumer} as u`,
  // Consumers have a code and no id; pages need one for the tie-break.
  key: sql`md5(${u.consumerId})::uuid`,
  gate: 'Consumer.code',
  scope: { public: true },
  fields: consumerFields,
};

/** How sharing policies are read. */
export const policyEntity: Entity = {
  type: 'SharingPolicy',
  from: sql`${sharingPolicy} as s join ${consumer} as u on ${u.consumerId} = ${s.consumerId}`,
  key: sql`${s.policyId}`,
  gate: 'SharingPolicy.purpose',
  scope: { public: true },
  fields: {
    ...Object.fromEntries(Object.entries(consumerFields).map(([name, value]) => [`consumer.${name}`, value])),
    purpose: sql`${s.purposeId}`,
    lawfulBasis: sql`${s.lawfulBasis}`,
    areas: sql`${s.areas}::text[]`,
    programs: sql`${s.programCodes}`,
    allOrdinaryPrograms: sql`${s.allOrdinaryPrograms}`,
    grants: sql`${s.grants}`,
    actions: sql`${s.actions}`,
    consentClasses: sql`${s.consentClasses}`,
    disclosure: sql`${s.disclosure}`,
    validFrom: sql`${s.validFrom}`,
    validUntil: sql`${s.validUntil}`,
  },
};
