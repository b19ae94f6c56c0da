import type { Entity } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { consumer } from '../policy/policy.table.ts';
import { accessLog, accessLogPerson, fieldSet } from './log.table.ts';

/** The record's row in statements. */
export const l = alias(accessLog, 'l');
/** The record's row as one of its persons sees it. */
export const o = alias(accessLogPerson, 'o');
const f = alias(fieldSet, 'f');
const u = alias(consumer, 'u');

const withNames = (t: typeof l | typeof o) =>
  sql`left join ${fieldSet} as f on ${f.fieldSetId} = ${t.fieldSetId} left join ${consumer} as u on ${u.consumerId} = ${t.consumerId}`;
const common = (t: typeof l | typeof o): Entity['fields'] => ({
  at: sql`${t.at}`,
  consumer: sql`${t.consumerId}`,
  consumerName: sql`${u.name}`,
  purpose: sql`${t.purposeId}`,
  lawfulBasis: sql`${t.lawfulBasis}`,
  categories: sql`coalesce(${f.categories}, '{}')`,
  outcome: sql`${t.outcome}`,
});

/** How the access log is read. Which consumer's records is a condition of the list. */
export const logEntity: Entity = {
  type: 'AccessLogEntry',
  from: sql`${accessLog} as l ${withNames(l)}`,
  key: sql`${l.recordId}`,
  gate: 'AccessLogEntry.at',
  scope: { public: true },
  fields: { ...common(l), operation: sql`${l.operationName}`, persons: sql`${l.personCount}` },
};

/** How a person reads who looked at their data: not which operation it was, and not how many others it was about. */
export const personalLogEntity: Entity = {
  type: 'AccessLogEntry',
  from: sql`${accessLogPerson} as o ${withNames(o)}`,
  key: sql`${o.recordId}`,
  gate: 'AccessLogEntry.at',
  scope: { person: sql`${o.personId}` },
  fields: common(o),
};
