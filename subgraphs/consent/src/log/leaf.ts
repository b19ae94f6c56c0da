import { hash } from 'node:crypto';

/** Somebody a record is about, as the leaf names them: the person's id and until when the record is hidden from them (microseconds since 1970, or nothing). */
export type LeafPerson = `${string}/${string}`;

/** All of a record that its leaf covers, in forms that do not depend on who writes them: times in microseconds since 1970, bytes in hexadecimal. */
export interface LeafContent {
  readonly recordId: string;
  readonly at: string;
  readonly requestId: string;
  readonly consumerId: string;
  readonly userId: string;
  readonly onBehalfOf: string | null;
  readonly purposeId: string | null;
  readonly lawfulBasis: string | null;
  readonly agreements: readonly string[];
  readonly operationName: string | null;
  readonly operationHash: string;
  readonly policyEpoch: string;
  readonly profileDigest: string;
  readonly fieldSetId: string | null;
  readonly deniedSetId: string | null;
  readonly personCount: number;
  readonly counts: unknown;
  readonly searched: readonly string[];
  readonly outcome: string;
  readonly persons: readonly LeafPerson[];
}

/** SHA-256 over a record, the same from the code that writes it and from the row that a verifier reads. */
export function leafOf(r: LeafContent): Buffer {
  const content = [
    'commonweal access record 1',
    r.recordId,
    r.at,
    r.requestId,
    r.consumerId,
    r.userId,
    r.onBehalfOf,
    r.purposeId,
    r.lawfulBasis,
    r.agreements,
    r.operationName,
    r.operationHash,
    r.policyEpoch,
    r.profileDigest,
    r.fieldSetId,
    r.deniedSetId,
    r.personCount,
    canonical(r.counts),
    r.searched,
    r.outcome,
    [...r.persons].sort(),
  ];
  return hash('sha256', JSON.stringify(content), 'buffer');
}

/** A JSON value with the keys of its objects in order: the database keeps them in another. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, canonical(v)]),
  );
}
