import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { openPool, type Pool } from '@commonweal/kit';
import { type TestDatabase, testCatalog, testDatabase } from '@commonweal/kit/testing.ts';
import { getTableColumns, getTableName } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { exampleRecord, ID, tellExamples } from './examples.ts';
import { createRegistrar } from './policy/registrar.ts';
import { tables } from './tables.ts';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  pool = openPool(database.urls.consent.appUrl, 'consent', 4);
  const registrar = createRegistrar(pool, { catalog: testCatalog(), sealKey: generateKeyPairSync('ed25519').privateKey, sealEvery: 0 });
  await registrar.audit([exampleRecord()]);
  await registrar.sealNow();
  await registrar.stop();
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

/** Runs a statement as the app role with the widest settings that a caller could have; gives the rows it touched. */
const touch = (statement: string) =>
  pool.begin(async (tx) => {
    await tx`select set_config('access.person', ${ID.ekiru}, true), set_config('access.areas', 'KE', true), set_config('access.all_programs', 'on', true),
    set_config('access.all_providers', 'on', true), set_config('access.consumer', 'county-services', true), set_config('access.audit_all', 'on', true)`;
    return (await tx.unsafe(statement)).count;
  });
const byText = (a: string, b: string) => a.localeCompare(b);
const DENIED = { code: '42501' };

describe('the app role', () => {
  it.each([
    'consent_record',
    'consent_event',
    'consent_grant',
    'agreement',
    'sharing_policy',
    'consumer',
    'purpose',
    'policy_epoch',
    'access_log',
    'access_log_person',
    'access_seal',
    'field_set',
    'ceiling_use',
  ])('deletes nothing from %s, and empties it not', async (table) => {
    await expect(touch(`delete from ${table}`)).rejects.toMatchObject(DENIED);
    await expect(touch(`truncate ${table}`)).rejects.toMatchObject(DENIED);
  });

  it.each([
    ['the categories of a consent', 'update consent_record set categories = 1023'],
    ['the recipient of a consent', `update consent_record set recipient_id = 'clinic'`],
    ['the end of a consent', 'update consent_record set valid_until = null'],
    ['the person of a consent', `update consent_record set person_id = '${ID.akai}'`],
    ['the text a consent was given to', `update consent_record set agreement_hash = ''`],
    ['what became of a consent', `update consent_event set status = 'GIVEN'`],
    ['the categories that are open', 'update consent_grant set categories = 1023'],
    ['to whom they are open', `update consent_grant set recipient_id = 'research-lab'`],
    ['the end of what is open', 'update consent_grant set valid_until = null'],
    ['an agreement', 'update agreement set categories = 1023'],
    ['a policy', `update sharing_policy set areas = '{KE}'`],
    ['whether a consumer is suspended', 'update consumer set suspended = false'],
    ['a ceiling', `insert into ceiling_use values ('bank', 'HEALTH', 'READ')`],
    ['the epoch', `insert into policy_epoch (epoch, reason) values (999, '')`],
    ['a record of the log', `update access_log set consumer_id = 'x'`],
    ['the leaf of a record', 'update access_log set leaf = leaf'],
    ['whom a record is about', 'update access_log_person set hidden_until = now()'],
    ['a seal', 'update access_seal set records = 0'],
    ['a set of fields', `update field_set set coordinates = '{}'`],
  ])('does not change %s', async (_, statement) => {
    await expect(touch(statement)).rejects.toMatchObject(DENIED);
  });

  it('does not write over a consent by giving it again under its id', async () => {
    const again = `insert into consent_record select * from consent_record where consent_id = '${ID.ekiruToBank}'`;
    await expect(touch(again)).rejects.toMatchObject({ code: '23505' });
    await expect(touch(`${again} on conflict (person_id, consent_id) do update set categories = 1023`)).rejects.toMatchObject(DENIED);
  });

  it('does not open what a consent does not say', async () => {
    const grant = (person: string, recipient: string, purpose: string, categories: number) =>
      touch(
        `insert into consent_grant (person_id, recipient_id, purpose_id, consent_id, categories, valid_from) values ('${person}', '${recipient}', '${purpose}', '${ID.ekiruToBank}', ${categories}, now())`,
      );
    await expect(grant(ID.ekiru, 'research-lab', 'RESEARCH', 4)).rejects.toMatchObject({ code: '23503' });
    await expect(grant(ID.akai, 'bank', 'PAYMENT_DELIVERY', 4)).rejects.toMatchObject({ code: '23503' });
    await expect(
      touch(
        `insert into consent_grant (person_id, recipient_id, purpose_id, consent_id, categories, valid_from) values ('${ID.lokwang}', 'bank', 'PAYMENT_DELIVERY', '${randomUUID()}', 4, now())`,
      ),
    ).rejects.toMatchObject({ code: '23503' });
  });

  it('does not take a withdrawal back', async () => {
    expect(await touch(`update consent_grant set withdrawn_at = now() where consent_id = '${ID.ekiruToClinic}'`)).toBe(1);
    expect(await touch(`update consent_grant set withdrawn_at = null where consent_id = '${ID.ekiruToClinic}'`)).toBe(0);
    await expect(touch(`update consent_grant set withdrawn_at = null where consent_id = '${ID.ekiruToBank}'`)).rejects.toMatchObject(
      DENIED,
    );
    const again = `insert into consent_grant select person_id, recipient_id, purpose_id, consent_id, categories, valid_from, valid_until from consent_record where consent_id = '${ID.ekiruToClinic}'`;
    await expect(touch(again)).rejects.toMatchObject({ code: '23505' });
  });

  it('does not move a sealed record, nor take its seal away', async () => {
    expect(await touch('update access_log set seal = 2')).toBe(0);
    expect(await touch('update access_log set seal = null')).toBe(0);
    await expect(
      touch(`insert into access_log select gen_random_uuid(), at, request_id, consumer_id, user_id, on_behalf_of, purpose_id, lawful_basis, agreements, operation_name, operation_hash, policy_epoch,
      profile_digest, field_set_id, denied_set_id, person_count, counts, searched, outcome, 1, leaf from access_log`),
    ).rejects.toMatchObject(DENIED);
  });
});

describe('the tables', () => {
  it('about persons force row security', async () => {
    const names = [...tables.filter((t) => t.aboutPersons).map((t) => getTableName(t.table)), 'access_log'];
    const rows = await database.owner(
      'consent',
    )`select relname, relrowsecurity and relforcerowsecurity as forced from pg_class where relnamespace = 'consent'::regnamespace and relname = any (${names})`;
    expect(rows).toHaveLength(names.length);
    expect(rows.filter((r) => !r.forced)).toEqual([]);
  });

  it('are declared as they are in the database', async () => {
    const columns = await database.owner(
      'consent',
    )`select table_name, column_name from information_schema.columns where table_schema = 'consent'`;
    for (const { table } of tables) {
      const declared = Object.values(getTableColumns(table)).map((c) => c.name);
      expect([getTableName(table), declared.sort(byText)]).toEqual([
        getTableName(table),
        columns
          .filter((c) => c.table_name === getTableName(table))
          .map((c) => String(c.column_name))
          .sort(byText),
      ]);
    }
  });

  it('hold the distribution column in every key', async () => {
    for (const { table, placement } of tables) {
      if (placement.kind !== 'distributed') continue;
      const keys = await database.owner('consent')`
        select c.conname, array_agg(a.attname) as columns from pg_constraint c cross join lateral unnest(c.conkey) k join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k
        where c.conrelid = ${`consent.${getTableName(table)}`}::regclass and c.contype in ('p', 'u', 'x') group by 1`;
      expect(keys.filter((k) => !(k.columns as string).includes(placement.by))).toEqual([]);
    }
  });
});
