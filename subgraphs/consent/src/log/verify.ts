import type { KeyObject } from 'node:crypto';
import { type LeafContent, leafOf } from './leaf.ts';
import { merkleRoot } from './merkle.ts';
import { CHAIN_START, chainOf, type SealContent, sealIsSigned } from './seal.ts';

/** What can be wrong with the sealed log. */
export type SealFaultKind =
  | 'SEAL_MISSING'
  | 'SEAL_CHANGED'
  | 'SEAL_NOT_OURS'
  | 'SEAL_OUT_OF_TIME'
  | 'RECORDS_DELETED'
  | 'RECORDS_ADDED'
  | 'RECORD_EDITED'
  | 'RECORDS_CHANGED'
  | 'BACK_DATED'
  | 'SEAL_UNKNOWN'
  | 'NOT_SEALED'
  | 'PERSONS_ADDED'
  | 'HEAD_MISSING';

/** The first thing found wrong: in which batch, and what, without personal data. */
export interface SealedLogFault {
  readonly kind: SealFaultKind;
  /** Number of the batch. */
  readonly seal: number;
  readonly detail: string;
}

/** A seal as it is kept. */
export interface StoredSeal extends SealContent {
  readonly chain: Uint8Array;
  readonly signature: Uint8Array;
}

/** A record as it is kept. `fieldsMatch`: the sets of fields are those whose hash the record names. */
export interface StoredRecord extends LeafContent {
  readonly leaf: Uint8Array;
  readonly fieldsMatch: boolean;
}

/** What a verification is done with. */
export interface VerifyOptions {
  readonly keys: readonly KeyObject[];
  /** How far the times of a record and of its batch may differ, in milliseconds: clocks, and requests under way while a batch is sealed. */
  readonly tolerance: number;
}

const same = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(b);

/** What is wrong with a seal behind the one before it, or null. The records are not looked at. */
export function sealFault(before: StoredSeal | null, s: StoredSeal, keys: readonly KeyObject[]): SealedLogFault | null {
  const expected = (before?.seal ?? 0) + 1;
  const fault = (kind: SealFaultKind, detail: string, seal = s.seal): SealedLogFault => ({ kind, seal, detail });
  if (s.seal !== expected) return fault('SEAL_MISSING', `There is no batch ${expected}.`, expected);
  if (!same(s.previous, before?.chain ?? CHAIN_START)) return fault('SEAL_CHANGED', 'The batch does not follow from the one before it.');
  if (!same(s.chain, chainOf(s))) return fault('SEAL_CHANGED', 'Number, time, count or root of the batch were changed.');
  if (!sealIsSigned(keys, s.chain, s.signature)) return fault('SEAL_NOT_OURS', 'The batch is not signed with the key.');
  if (before && BigInt(s.sealedAt) < BigInt(before.sealedAt))
    return fault('SEAL_OUT_OF_TIME', 'The batch says that it was sealed before the one before it.');
  return null;
}

/** What is wrong with the records of a batch, or null. */
export function recordsFault(
  before: StoredSeal | null,
  s: StoredSeal,
  records: readonly StoredRecord[],
  tolerance: number,
): SealedLogFault | null {
  const fault = (kind: SealFaultKind, detail: string): SealedLogFault => ({ kind, seal: s.seal, detail });
  if (records.length < s.records) return fault('RECORDS_DELETED', `${s.records} records were sealed, ${records.length} are left.`);
  if (records.length > s.records) return fault('RECORDS_ADDED', `${s.records} records were sealed, there are ${records.length}.`);
  const sorted = [...records].sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
  const leaves = sorted.map(leafOf);
  const edited = sorted.find((r, i) => !r.fieldsMatch || !same(r.leaf, leaves[i]!));
  if (edited) return fault('RECORD_EDITED', `Record ${edited.recordId}, or whom it is about, is not as it was sealed.`);
  if (!same(merkleRoot(leaves), s.merkleRoot)) return fault('RECORDS_CHANGED', 'The records are not those that were sealed.');
  const span = BigInt(tolerance) * 1000n;
  const earliest = before ? BigInt(before.sealedAt) - span : null;
  const late = sorted.find((r) => (earliest !== null && BigInt(r.at) < earliest) || BigInt(r.at) > BigInt(s.sealedAt) + span);
  if (late) return fault('BACK_DATED', `Record ${late.recordId} says that it is of a time outside its batch.`);
  return null;
}
