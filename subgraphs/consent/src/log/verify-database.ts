import type postgres from 'postgres';
import { fieldSetHash } from './field-sets.ts';
import type { LeafPerson } from './leaf.ts';
import { recordsFault, type SealedLogFault, type StoredRecord, type StoredSeal, sealFault, type VerifyOptions } from './verify.ts';

/** A batch noted down outside the database: what was the last batch then must still be in the chain. */
export interface NotedHead {
  readonly seal: number;
  /** Chain value, hexadecimal. */
  readonly chain: string;
}

/** What a verification found. */
export interface Verdict {
  readonly batches: number;
  readonly records: number;
  /** The last batch: to be noted down where nobody who may write to the database may write. */
  readonly head: NotedHead | null;
  /** The first fault, or null. */
  readonly fault: SealedLogFault | null;
}

/** Records read at a time, about. */
const AT_ONCE = 5000;
const micros = (column: string) => `(extract(epoch from ${column}) * 1000000)::bigint::text`;

/**
 * Verifies the whole access log: each seal, each record and the persons it is about, what is not sealed, and what belongs to no record.
 * `sql` is a connection of the owner of the tables (the migrator, or a superuser): the app role does not see all rows.
 */
export async function verifyLog(sql: postgres.Sql, options: VerifyOptions, noted?: NotedHead): Promise<Verdict> {
  const [role] =
    await sql`select rolsuper or pg_has_role(current_user, (select tableowner from pg_tables where schemaname = 'consent' and tablename = 'access_log'), 'usage') as all from pg_roles where rolname = current_user`;
  if (!role?.all)
    throw new Error('This role does not see the whole access log. Verify with the url of the migrator of the consent registry.');
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    let before: StoredSeal | null = null;
    let batches = 0;
    let records = 0;
    let notedFound = !noted;
    const verdict = (fault: SealedLogFault | null): Verdict => ({
      batches,
      records,
      head: before && { seal: before.seal, chain: Buffer.from(before.chain).toString('hex') },
      fault,
    });
    for await (const seals of sealGroups(tx)) {
      const byBatch = await recordsOf(tx, seals);
      for (const s of seals) {
        const fault = sealFault(before, s, options.keys) ?? recordsFault(before, s, byBatch.get(s.seal) ?? [], options.tolerance);
        if (fault) return verdict(fault);
        if (noted?.seal === s.seal && noted.chain === Buffer.from(s.chain).toString('hex')) notedFound = true;
        before = s;
        batches += 1;
        records += s.records;
      }
    }
    if (!notedFound)
      return verdict({ kind: 'HEAD_MISSING', seal: noted!.seal, detail: `Batch ${noted!.seal} is not the one that was noted down.` });
    return verdict(await strays(tx, before, options));
  });
}

type Tx = postgres.TransactionSql;

/** The seals in their order, in groups that hold about as many records as are read at a time. */
async function* sealGroups(tx: Tx): AsyncGenerator<StoredSeal[]> {
  let group: StoredSeal[] = [];
  let size = 0;
  const rows = tx.unsafe(
    `select seal, ${micros('sealed_at')} as sealed_at, records, merkle_root, previous, chain, signature from consent.access_seal order by seal`,
  );
  for await (const some of rows.cursor(1000)) {
    for (const r of some) {
      group.push({
        seal: Number(r.seal),
        sealedAt: r.sealed_at,
        records: r.records,
        merkleRoot: r.merkle_root,
        previous: r.previous,
        chain: r.chain,
        signature: r.signature,
      });
      size += r.records as number;
      if (size < AT_ONCE) continue;
      yield group;
      group = [];
      size = 0;
    }
  }
  if (group.length > 0) yield group;
}

async function recordsOf(tx: Tx, seals: readonly StoredSeal[]): Promise<Map<number, StoredRecord[]>> {
  const numbers = seals.map((s) => s.seal);
  const rows = await tx.unsafe(
    `select l.record_id, l.seal, ${micros('l.at')} as at, request_id, consumer_id, user_id, on_behalf_of, purpose_id, lawful_basis, agreements, operation_name,
       encode(operation_hash, 'hex') as operation_hash, policy_epoch::text, encode(profile_digest, 'hex') as profile_digest, encode(l.field_set_id, 'hex') as field_set_id,
       encode(l.denied_set_id, 'hex') as denied_set_id, given.coordinates as given, denied.coordinates as denied, person_count, counts,
       array(select encode(x, 'hex') from unnest(searched) with ordinality as u (x, n) order by n) as searched, outcome, leaf
     from consent.access_log l left join consent.field_set given on given.field_set_id = l.field_set_id left join consent.field_set denied on denied.field_set_id = l.denied_set_id
     where l.seal = any ($1::bigint[])`,
    [numbers],
  );
  const persons = await personsOf(tx, numbers);
  const byBatch = new Map<number, StoredRecord[]>(numbers.map((n) => [n, []]));
  for (const r of rows) {
    const fieldsMatch = isSet(r.field_set_id, r.given) && isSet(r.denied_set_id, r.denied);
    byBatch.get(Number(r.seal))!.push({
      recordId: r.record_id,
      at: r.at,
      requestId: r.request_id,
      consumerId: r.consumer_id,
      userId: r.user_id,
      onBehalfOf: r.on_behalf_of,
      purposeId: r.purpose_id,
      lawfulBasis: r.lawful_basis,
      agreements: r.agreements,
      operationName: r.operation_name,
      operationHash: r.operation_hash,
      policyEpoch: r.policy_epoch,
      profileDigest: r.profile_digest,
      fieldSetId: r.field_set_id,
      deniedSetId: r.denied_set_id,
      personCount: r.person_count,
      counts: r.counts,
      searched: r.searched,
      outcome: r.outcome,
      persons: persons.get(r.record_id) ?? [],
      leaf: r.leaf,
      fieldsMatch,
    });
  }
  return byBatch;
}

const isSet = (id: string | null, coordinates: readonly string[] | null) =>
  id === null ? true : coordinates !== null && fieldSetHash(coordinates) === id;

/** The persons of the records of some batches, where their copy of the record agrees with it. */
async function personsOf(tx: Tx, seals: readonly number[]): Promise<Map<string, LeafPerson[]>> {
  const rows = await tx.unsafe(
    `with span as materialized (select min(at) as first, max(at) as last from consent.access_log where seal = any ($1::bigint[]))
     select p.record_id, array_agg(p.person_id || '/' || coalesce(${micros('p.hidden_until')}, '')) as persons
     from consent.access_log_person p join consent.access_log l on l.record_id = p.record_id and l.at = p.at
       and row(p.consumer_id, p.purpose_id, p.lawful_basis, p.field_set_id, p.outcome) is not distinct from row(l.consumer_id, l.purpose_id, l.lawful_basis, l.field_set_id, l.outcome)
     where l.seal = any ($1::bigint[]) and p.at >= (select first from span) and p.at <= (select last from span) group by p.record_id`,
    [[...seals]],
  );
  return new Map(rows.map((r) => [r.record_id as string, r.persons as LeafPerson[]]));
}

/** What stands outside the chain: records of a batch that does not exist, records that nobody sealed in time, looks that belong to no record. */
async function strays(tx: Tx, head: StoredSeal | null, { tolerance }: VerifyOptions): Promise<SealedLogFault | null> {
  const last = head?.seal ?? 0;
  const [unknown] =
    await tx`select seal, count(*) as n from consent.access_log where seal is not null and (seal < 1 or seal > ${last}) group by seal order by seal limit 1`;
  if (unknown)
    return {
      kind: 'SEAL_UNKNOWN',
      seal: Number(unknown.seal),
      detail: `${unknown.n} records name the batch ${unknown.seal}, which does not exist.`,
    };
  const [open] =
    await tx`select record_id, at from consent.access_log where seal is null and at < now() - ${tolerance} * interval '1 millisecond' order by at limit 1`;
  if (open) {
    const [at] = await tx`select seal from consent.access_seal where sealed_at >= ${open.at as string} order by seal limit 1`;
    return {
      kind: 'NOT_SEALED',
      seal: Number(at?.seal ?? last + 1),
      detail: `Record ${open.record_id} says that it is of the time of this batch and was never sealed.`,
    };
  }
  const [look] = await tx`
    select p.record_id, p.at from consent.access_log_person p where not exists (select 1 from consent.access_log l where l.record_id = p.record_id and l.at = p.at) order by p.at limit 1`;
  if (!look) return null;
  const [at] = await tx`select seal from consent.access_seal where sealed_at >= ${look.at as string} order by seal limit 1`;
  return {
    kind: 'PERSONS_ADDED',
    seal: Number(at?.seal ?? last + 1),
    detail: `A person's log names the record ${look.record_id}, which does not exist.`,
  };
}
