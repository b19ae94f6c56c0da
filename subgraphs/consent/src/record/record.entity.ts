import type { Context, Entity } from '@commonweal/kit';
import type { ConsumerKind } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { consentEvent, consentRecord, subject } from './record.table.ts';

/** The consent's row in statements. */
export const c = alias(consentRecord, 'c');
/** The row of the person it is about. */
export const s = alias(subject, 's');
const e = alias(consentEvent, 'e');

/** Kinds of consumer that may know of consents given to others. All the rest know of those that name themselves. */
const ALL_RECIPIENTS: ReadonlySet<ConsumerKind> = new Set(['program_admin', 'case_worker', 'beneficiary', 'field_worker', 'auditor']);

const ofConsent = sql`${e.personId} = ${c.personId} and ${e.consentId} = ${c.consentId}`;
const latest = sql`(select ${e.status} from ${consentEvent} as e where ${ofConsent} order by ${e.at} desc, ${e.eventId} desc limit 1)`;
const history = (value: SQL) =>
  sql`(select coalesce(array_agg(${value} order by ${e.at}, ${e.eventId}), '{}') from ${consentEvent} as e where ${ofConsent})`;

/** State of a consent now: what became of it last, or that it ran out. */
export const statusNow = sql`case when ${c.validUntil} <= now() and ${latest} = 'GIVEN' then 'EXPIRED' else ${latest} end`;

const fields: Entity['fields'] = {
  person: sql`${c.personId}`,
  agreement: sql`jsonb_build_object('code', ${c.agreementCode}, 'version', ${c.agreementVersion})`,
  recipient: sql`${c.recipientId}`,
  purpose: sql`${c.purposeId}`,
  categories: sql`${c.categories}`,
  status: statusNow,
  givenBy: sql`${c.givenBy}`,
  method: sql`${c.method}`,
  validFrom: sql`${c.validFrom}`,
  validUntil: sql`${c.validUntil}`,
  'history.status': history(sql`${e.status}`),
  'history.at': history(sql`${e.at}`),
};

/** How consents are read by a caller: rows of persons within its scope, and for a consumer outside government only consents that name it. */
export function consentEntity(context: Context): Entity {
  const own = ALL_RECIPIENTS.has(context.decision.kind) ? sql`` : sql`and ${c.recipientId} = ${context.decision.consumer}`;
  return {
    type: 'ConsentRecord',
    from: sql`${consentRecord} as c join ${subject} as s on ${s.personId} = ${c.personId} ${own}`,
    key: sql`${c.consentId}`,
    owner: sql`${c.personId}`,
    gate: 'ConsentRecord.id',
    scope: { person: sql`${c.personId}`, area: sql`${c.areaPath}`, programs: sql`${s.programIds}`, providers: sql`${s.providerIds}` },
    fields,
    links: { person: 'Person.id' },
  };
}

/** How this registry knows persons: whether the caller may know of them, nothing else. */
export const personEntity: Entity = {
  type: 'Person',
  from: sql`${subject} as s`,
  key: sql`${s.personId}`,
  gate: 'Person.id',
  scope: { person: sql`${s.personId}`, area: sql`${s.areaPath}`, programs: sql`${s.programIds}`, providers: sql`${s.providerIds}` },
  fields: {},
};
