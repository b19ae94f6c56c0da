import type { Entity } from '@commonweal/kit';
import { type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { account, provider } from './account.table.ts';

const a = alias(account, 'a');
const w = alias(provider, 'w');

/** The account's row in statements. */
export { a };

/** Fields of a provider, looked up only when they are asked for. */
export const providerFields = (providerId: SQL): Record<string, SQL> => ({
  'provider.code': sql`(select ${w.code} from ${provider} as w where ${w.providerId} = ${providerId})`,
  'provider.name': sql`(select ${w.name} from ${provider} as w where ${w.providerId} = ${providerId})`,
});

/** How accounts are read. */
export const accountEntity: Entity = {
  type: 'Account',
  from: sql`${account} as a`,
  key: sql`${a.accountId}`,
  owner: sql`${a.personId}`,
  gate: 'Account.id',
  scope: { person: sql`${a.personId}`, area: sql`${a.areaPath}`, programs: sql`${a.programIds}`, provider: sql`${a.providerId}` },
  fields: {
    person: sql`${a.personId}`,
    kind: sql`${a.kind}`,
    ...providerFields(sql`${a.providerId}`),
    number: sql`${a.number}`,
    maskedNumber: sql`${a.maskedNumber}`,
    verified: sql`${a.verified}`,
    primary: sql`${a.isPrimary}`,
    status: sql`${a.status}`,
  },
  links: { person: 'Person.id' },
};
