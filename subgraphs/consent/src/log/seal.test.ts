import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { openPool, type Pool } from '@commonweal/kit';
import { type TestDatabase, testCatalog, testDatabase } from '@commonweal/kit/testing.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { exampleRecord, ID, tellExamples } from '../examples.ts';
import { type ConsentRegistrar, createRegistrar } from '../policy/registrar.ts';
import { merkleRoot } from './merkle.ts';
import { chainOf, signSeal } from './seal.ts';
import { sealOnce } from './sealer.ts';
import { verifyLog } from './verify-database.ts';

let database: TestDatabase;
let pool: Pool;
let registrar: ConsentRegistrar;
const REPORT = { ...exampleRecord().reports[0]!, persons: [ID.ekiru, ID.akai], searched: ['AAEC'] };
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const sql = () => database.owner('consent');
const verify = (noted?: { seal: number; chain: string }, tolerance = 60_000) => verifyLog(sql(), { keys: [publicKey], tolerance }, noted);
/** Batch and kind of the first fault. */
const fault = async (tolerance = 60_000) => {
  const found = (await verify(undefined, tolerance)).fault;
  return found && `${found.seal} ${found.kind}`;
};

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  pool = openPool(database.urls.consent.appUrl, 'consent', 8);
  registrar = createRegistrar(pool, { catalog: testCatalog(), sealKey: privateKey, sealEvery: 0 });
});
beforeEach(async () => {
  await sql()`truncate access_log, access_log_person, access_seal`;
  for (let batch = 1; batch <= 4; batch += 1) {
    await registrar.audit(
      Array.from({ length: 3 }, () =>
        exampleRecord({ agreements: ['PAYMENTS', 'HEALTH'], denied: ['Person.incomeLevel'], onBehalfOf: ID.akai, reports: [REPORT] }),
      ),
    );
    await registrar.sealNow();
  }
});
afterAll(async () => {
  await registrar?.stop();
  await pool?.end();
  await database?.drop();
});

describe('a log that nobody touched', () => {
  it('verifies, from its first batch to its last', async () => {
    expect(await verify()).toMatchObject({ batches: 4, records: 12, head: { seal: 4 }, fault: null });
    expect((await verify((await verify()).head!)).fault).toBeNull();
  });

  it('verifies while records wait for their seal', async () => {
    await registrar.audit([exampleRecord()]);
    expect(await fault()).toBeNull();
  });

  it('seals each record once, whoever seals and whatever comes in meanwhile', async () => {
    const work = Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0 ? sealOnce(pool, privateKey) : registrar.audit([exampleRecord()]).then(() => 0),
    );
    const during = (await Promise.all(work)).reduce((a, b) => a + b, 0);
    expect(during + (await registrar.sealNow())).toBe(40);
    expect(await verify()).toMatchObject({ records: 52, fault: null });
  });

  it('catches up in a moment with what was left over, also when the statistics know only of sealed records', async () => {
    await sql()`analyze access_log`;
    await registrar.audit(Array.from({ length: 8000 }, () => exampleRecord()));
    const began = performance.now();
    expect(await registrar.sealNow()).toBe(8000);
    // A comparison of each with each takes half a minute here, and hours for what an outage leaves.
    expect(performance.now() - began).toBeLessThan(10_000);
    // More than is read at a time, and then one more batch.
    await registrar.audit([exampleRecord()]);
    await registrar.sealNow();
    expect(await verify()).toMatchObject({ batches: 6, records: 8013, fault: null });
    await sql()`update access_log set user_id = 'x' where seal = 6`;
    expect(await fault()).toBe('6 RECORD_EDITED');
    await sql()`update access_log set user_id = 'x' where seal = 3`;
    expect(await fault()).toBe('3 RECORD_EDITED');
  });

  it('does not wait for a seal to take a record', async () => {
    await registrar.audit([exampleRecord()]);
    await pool
      .begin(async (tx) => {
        await tx`select set_config('access.audit_all', 'on', true)`;
        await tx`update access_log set seal = 5 where seal is null`;
        await registrar.audit([exampleRecord()]);
        throw new Error('undo');
      })
      .catch(() => {});
    expect(await registrar.sealNow()).toBe(2);
  });
});

const second = () => sql()`select record_id from access_log where seal = 2 order by record_id`.then((rows) => rows[1]?.record_id as string);

describe('the exact batch is named when somebody who may write everything', () => {
  it.each([
    ...Object.entries({
      at: `at + interval '1 microsecond'`,
      request_id: `'x'`,
      consumer_id: `'bank'`,
      user_id: `'x'`,
      on_behalf_of: 'null',
      purpose_id: `'AUDIT'`,
      lawful_basis: 'null',
      agreements: `'{HEALTH,PAYMENTS}'`,
      operation_name: 'null',
      operation_hash: `'\\x00'`,
      policy_epoch: 'policy_epoch + 1',
      profile_digest: `'\\x00'`,
      field_set_id: 'denied_set_id',
      denied_set_id: 'null',
      person_count: '1',
      counts: `counts || '{"rows": {"persons": 0}}'`,
      searched: `'{}'`,
      outcome: `'FAILED'`,
      leaf: `'\\x00'`,
      record_id: 'gen_random_uuid()',
    }).map(([column, value]) => [`edits ${column}`, `update access_log set ${column} = ${value} where record_id = $1`]),
    ['takes a person out of a record', `delete from access_log_person where record_id = $1 and person_id = '${ID.akai}'`],
    [
      'puts a person into a record',
      `insert into access_log_person select gen_random_uuid(), at, record_id, null, consumer_id, purpose_id, lawful_basis, field_set_id, outcome from access_log_person where record_id = $1 limit 1`,
    ],
    [
      'hides a record from a person',
      `update access_log_person set hidden_until = '2999-01-01' where record_id = $1 and person_id = '${ID.akai}'`,
    ],
    ['tells a person of another consumer', `update access_log_person set consumer_id = 'clinic' where record_id = $1`],
  ])('%s', async (_, statement) => {
    await sql().unsafe(statement, [await second()]);
    expect(await fault()).toBe('2 RECORD_EDITED');
  });

  it('edits a record and its leaf', async () => {
    await sql()`update access_log set outcome = 'FAILED' where record_id = ${await second()}`;
    const leaf = Buffer.alloc(32, 9);
    await sql()`update access_log set leaf = ${leaf} where record_id = ${await second()}`;
    expect(await fault()).toBe('2 RECORD_EDITED');
  });

  it('deletes a record', async () => {
    await sql()`delete from access_log where record_id = ${await second()}`;
    expect(await fault()).toBe('2 RECORDS_DELETED');
  });

  it('deletes a record and puts another in its place', async () => {
    await sql()`delete from access_log where record_id = ${await second()}`;
    const record = exampleRecord({}, []);
    await registrar.audit([record]);
    await sql()`update access_log set seal = 2 where record_id = ${record.id}`;
    expect(await fault()).toBe('2 RECORDS_CHANGED');
  });

  it('moves a record to another batch', async () => {
    await sql()`update access_log set seal = 3 where record_id = ${await second()}`;
    expect(await fault()).toBe('2 RECORDS_DELETED');
  });

  it('exchanges two records', async () => {
    const [[a], [b]] = [
      await sql()`select record_id from access_log where seal = 2 limit 1`,
      await sql()`select record_id from access_log where seal = 3 limit 1`,
    ];
    await sql()`update access_log set seal = case record_id when ${a?.record_id} then 3 else 2 end where record_id in (${a?.record_id}, ${b?.record_id})`;
    expect(await fault()).toBe('2 RECORDS_CHANGED');
  });

  it('exchanges two batches', async () => {
    await sql()`update access_seal set seal = case seal when 2 then 30 when 3 then 20 end where seal in (2, 3)`;
    await sql()`update access_seal set seal = seal / 10 where seal >= 20`;
    await sql()`update access_log set seal = case seal when 2 then 3 else 2 end where seal in (2, 3)`;
    expect(await fault()).toBe('2 SEAL_CHANGED');
  });

  it('inserts a record into a sealed batch', async () => {
    const record = exampleRecord();
    await registrar.audit([record]);
    await sql()`update access_log set seal = 3 where record_id = ${record.id}`;
    expect(await fault()).toBe('3 RECORDS_ADDED');
  });

  it('inserts a back-dated record that is sealed with today’s', async () => {
    await registrar.audit([exampleRecord({ at: new Date(Date.now() - 50_000).toISOString() }), exampleRecord()]);
    await registrar.sealNow();
    expect(await fault()).toBeNull();
    expect(await fault(10_000)).toBe('5 BACK_DATED');
  });

  it('inserts a back-dated record and leaves it without a seal', async () => {
    await sql()`insert into access_log select gen_random_uuid(), now() - interval '1 hour', request_id, consumer_id, user_id, on_behalf_of, purpose_id, lawful_basis, agreements, operation_name,
      operation_hash, policy_epoch, profile_digest, field_set_id, denied_set_id, person_count, counts, searched, outcome, null, leaf from access_log limit 1`;
    expect(await fault()).toBe('1 NOT_SEALED');
  });

  it('names a batch that does not exist', async () => {
    await sql()`update access_log set seal = 99 where seal = 4`;
    await sql()`delete from access_seal where seal = 4`;
    expect(await fault()).toBe('99 SEAL_UNKNOWN');
  });

  it('edits a seal, or deletes one', async () => {
    const root = merkleRoot([]);
    await sql()`update access_seal set merkle_root = ${root} where seal = 3`;
    expect(await fault()).toBe('3 SEAL_CHANGED');
    await sql()`delete from access_seal where seal = 3`;
    expect(await fault()).toBe('3 SEAL_MISSING');
  });

  it('seals anew with a key of their own', async () => {
    await sql()`delete from access_seal where seal = 4`;
    await sql()`update access_log set seal = null where seal = 4`;
    await sealOnce(pool, generateKeyPairSync('ed25519').privateKey);
    expect(await fault()).toBe('4 SEAL_NOT_OURS');
  });

  it('seals with the key itself, and as if it had been earlier', async () => {
    const [last] = await sql()`select seal, chain from access_seal where seal = 4`;
    const content = { seal: 5, sealedAt: '1000000', records: 0, merkleRoot: merkleRoot([]), previous: last!.chain as Buffer };
    const chain = chainOf(content);
    await sql()`insert into access_seal (seal, sealed_at, records, merkle_root, previous, chain, signature)
      values (5, '1970-01-01T00:00:01Z', 0, ${content.merkleRoot}, ${content.previous}, ${chain}, ${signSeal(privateKey, chain)})`;
    expect(await fault()).toBe('5 SEAL_OUT_OF_TIME');
  });

  it('cuts off the end, when the last batch was noted down', async () => {
    const { head } = await verify();
    await sql()`delete from access_log_person where record_id in (select record_id from access_log where seal = 4)`;
    await sql()`delete from access_log where seal = 4`;
    await sql()`delete from access_seal where seal = 4`;
    expect((await verify(head!)).fault).toMatchObject({ seal: 4, kind: 'HEAD_MISSING' });
  });

  it('tells a person of a look that was none', async () => {
    await sql()`insert into access_log_person values (${ID.ekiru}, now(), gen_random_uuid(), null, 'bank', 'PAYMENT_DELIVERY', 'CONTRACT', null, 'OK')`;
    expect(await fault()).toMatch(/PERSONS_ADDED/);
  });

  it('takes a field out of what was given', async () => {
    await sql()`update field_set set coordinates = '{Person.name}' where 'Person.phones' = any (coordinates)`;
    expect(await fault()).toBe('1 RECORD_EDITED');
    await sql()`update field_set set coordinates = '{Person.name,Person.phones,PersonName.full}' where coordinates = '{Person.name}'`;
    expect(await fault()).toBeNull();
  });

  it('takes a field out of what was refused', async () => {
    await sql()`update field_set set coordinates = '{Person.name}' where coordinates = '{Person.incomeLevel}'`;
    expect(await fault()).toBe('1 RECORD_EDITED');
    await sql()`update field_set set coordinates = '{Person.incomeLevel}' where coordinates = '{Person.name}'`;
    expect(await fault()).toBeNull();
  });
});

describe('the verifier', () => {
  it('refuses to judge what it sees in part', async () => {
    await expect(verifyLog(pool, { keys: [publicKey], tolerance: 0 })).rejects.toThrow(/does not see/);
  });

  it('takes the keys before a change of keys too', async () => {
    const other = createPublicKey(generateKeyPairSync('ed25519').privateKey);
    expect((await verifyLog(sql(), { keys: [other, publicKey], tolerance: 60_000 })).fault).toBeNull();
    expect((await verifyLog(sql(), { keys: [other], tolerance: 60_000 })).fault).toMatchObject({ seal: 1, kind: 'SEAL_NOT_OURS' });
  });
});
