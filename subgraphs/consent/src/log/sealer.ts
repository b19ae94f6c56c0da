import type { KeyObject } from 'node:crypto';
import type { Pool } from '@commonweal/kit';
import { merkleRoot } from './merkle.ts';
import { CHAIN_START, chainOf, signSeal } from './seal.ts';

/** The most records in one batch. */
export const BATCH = 10_000;
/** Lock of whoever seals. */
const LOCK = 730_112;

/** The sealer's right to see all records, for one transaction. */
const SEES_ALL = `select set_config('access.audit_all', 'on', true)`;

/**
 * Seals what was stored since the last batch: each record once, in the order of the records' ids. Returns the number of records sealed;
 * 0 when there is none, or when another process is at it and is not waited for.
 */
export async function sealOnce(pool: Pool, key: KeyObject, whenBusy: 'leave' | 'wait' = 'leave'): Promise<number> {
  return pool.begin(async (tx) => {
    if (whenBusy === 'wait') await tx`select pg_advisory_xact_lock(${LOCK})`;
    const [lock] = await tx`select pg_try_advisory_xact_lock(${LOCK}) as taken, set_config('access.audit_all', 'on', true)`;
    if (!lock?.taken) return 0;
    const [last] = await tx`select seal, chain from access_seal order by seal desc limit 1`;
    const seal = last ? Number(last.seal) + 1 : 1;
    // As an array: of what has no seal there is none in the statistics, and a join by them compares each record with each, hours for what was left over.
    const rows = await tx`
      update access_log set seal = ${seal} where record_id = any (array(select record_id from access_log where seal is null order by at limit ${BATCH}))
      returning record_id, leaf`;
    if (rows.length === 0) return 0;
    const [{ now } = { now: '' }] = await tx`select (floor(extract(epoch from clock_timestamp()) * 1000) * 1000)::bigint::text as now`;
    const leaves = rows.map((r) => [String(r.record_id), r.leaf as Buffer] as const).sort(([a], [b]) => (a < b ? -1 : 1));
    const content = {
      seal,
      sealedAt: String(now),
      records: rows.length,
      merkleRoot: merkleRoot(leaves.map(([, leaf]) => leaf)),
      previous: (last?.chain as Buffer | undefined) ?? CHAIN_START,
    };
    const chain = chainOf(content);
    await tx`
      insert into access_seal (seal, sealed_at, records, merkle_root, previous, chain, signature)
      values (${seal}, ${new Date(Number(content.sealedAt) / 1000).toISOString()}, ${content.records}, ${content.merkleRoot}, ${content.previous}, ${chain}, ${signSeal(key, chain)})`;
    return rows.length;
  });
}

/** Age in milliseconds of the oldest record without a seal; 0 when there is none. */
export async function sealLag(pool: Pool): Promise<number> {
  return pool.begin('read only', async (tx) => {
    await tx.unsafe(SEES_ALL);
    const [row] = await tx`select extract(epoch from now() - min(at)) * 1000 as lag from access_log where seal is null`;
    return Math.max(0, Number(row?.lag ?? 0));
  });
}
