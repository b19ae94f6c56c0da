import type { AuditRecord } from '@commonweal/schema';
import type { FieldSet, FieldSets } from './field-sets.ts';
import { leafOf } from './leaf.ts';

/** A record ready to be stored: the columns of `access_log` with bytes as PostgreSQL's hexadecimal text, and the persons it is about. */
export interface LogEntry {
  readonly row: Readonly<Record<string, unknown>>;
  readonly sets: readonly (FieldSet | null)[];
}

const hexOf = (base64url: string) => Buffer.from(base64url, 'base64url').toString('hex');
const bytes = (hex: string | null) => (hex === null ? null : `\\x${hex}`);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function uuid(text: string): string {
  const id = text.toLowerCase();
  if (!UUID.test(id)) throw new Error('An access record names something that is no id.');
  return id;
}

/** Turns a record of the gateway into what is stored. Throws for a record that cannot be: then nothing may be answered. */
export function entryOf(record: AuditRecord, fieldSets: FieldSets): LogEntry {
  const at = new Date(record.at);
  const given = fieldSets.of(record.reports.flatMap((r) => r.fields));
  const denied = fieldSets.of(record.denied);
  const persons = [...new Set(record.reports.flatMap((r) => r.persons.map(uuid)))].sort();
  const searched = [...new Set(record.reports.flatMap((r) => r.searched.map(hexOf)))].sort();
  const content = {
    recordId: uuid(record.id),
    requestId: record.requestId,
    consumerId: record.consumer,
    userId: record.user,
    onBehalfOf: record.onBehalfOf === null ? null : uuid(record.onBehalfOf),
    purposeId: record.purpose,
    lawfulBasis: record.lawfulBasis,
    agreements: [...record.agreements],
    operationName: record.operationName,
    personCount: persons.length,
    counts: countsOf(record),
    outcome: record.outcome,
  };
  const operationHash = hexOf(record.operationHash);
  const fieldSetId = given?.id ?? null;
  const deniedSetId = denied?.id ?? null;
  const leaf = leafOf({
    ...content,
    at: `${at.getTime()}000`,
    operationHash,
    policyEpoch: String(record.epoch),
    profileDigest: record.digest.toLowerCase(),
    fieldSetId,
    deniedSetId,
    searched,
    persons: persons.map((p) => `${p}/` as const),
  });
  const row = {
    record_id: content.recordId,
    at: at.toISOString(),
    request_id: content.requestId,
    consumer_id: content.consumerId,
    user_id: content.userId,
    on_behalf_of: content.onBehalfOf,
    purpose_id: content.purposeId,
    lawful_basis: content.lawfulBasis,
    agreements: content.agreements,
    operation_name: content.operationName,
    operation_hash: bytes(operationHash),
    policy_epoch: record.epoch,
    profile_digest: bytes(record.digest),
    field_set_id: bytes(fieldSetId),
    denied_set_id: bytes(deniedSetId),
    person_count: content.personCount,
    counts: content.counts,
    searched: searched.map(bytes),
    outcome: content.outcome,
    leaf: bytes(leaf.toString('hex')),
    persons,
  };
  return { row, sets: [given, denied] };
}

/** Rows given and withheld, by registry and by reason; errors told, by code. */
function countsOf(record: AuditRecord) {
  const withheld: Record<string, number> = {};
  for (const report of record.reports)
    for (const [reason, n] of Object.entries(report.withheld)) withheld[reason] = (withheld[reason] ?? 0) + n;
  const rows: Record<string, number> = {};
  for (const report of record.reports) rows[report.subgraph] = (rows[report.subgraph] ?? 0) + report.rows;
  return { rows, withheld, errors: record.errors };
}
