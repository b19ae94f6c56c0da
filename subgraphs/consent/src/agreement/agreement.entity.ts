import type { Entity } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { agreement } from './agreement.table.ts';

/** The agreement's row in statements. */
export const a = alias(agreement, 'a');

/** How processing agreements are read: public facts, all versions. */
export const agreementEntity: Entity = {
  type: 'ProcessingAgreement',
  from: sql`${agreement} as a`,
  // Agreements have a code and no id; pages need one for the tie-break.
  key: sql`md5(${a.code} || ' ' || ${a.version})::uuid`,
  gate: 'ProcessingAgreement.code',
  scope: { public: true },
  fields: {
    code: sql`${a.code}`,
    version: sql`${a.version}`,
    controller: sql`${a.controller}`,
    lawfulBasis: sql`${a.lawfulBasis}`,
    legalReference: sql`${a.legalReference}`,
    purposes: sql`${a.purposes}`,
    categories: sql`${a.categories}`,
    recipients: sql`${a.recipients}`,
    retentionDays: sql`${a.retentionDays}`,
    notice: sql`${a.notices}`,
    hash: sql`${a.hash}`,
  },
};
