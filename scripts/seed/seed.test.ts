import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TEST_SECRET, type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { SUBGRAPHS } from '@commonweal/schema';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { generateHouseholds } from './country/lives.ts';
import { tableKeys, tables } from './load/tables.ts';
import { beginLoad } from './load/unfinished.ts';
import { isSeeded, type Seeded, type SeedOptions, seed } from './seed.ts';

const country = { households: 60, seed: 7, asOf: '2025-06-30' };
const generated = [...generateHouseholds(country)];
const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-seed-'));

let kept: TestDatabase;
let dropped: TestDatabase;
let admin: postgres.Sql;
let made: Seeded;
let before: string;

const run = (database: TestDatabase, more: Partial<SeedOptions> = {}) =>
  seed({ ...country, urls: database.urls, secret: TEST_SECRET, ...more });

beforeAll(async () => {
  kept = await testDatabase(inject('adminUrl'));
  dropped = await testDatabase(inject('adminUrl'));
  admin = postgres(kept.adminUrl, { max: 1, onnotice: () => {} });
  before = await definitions(dropped);
  made = await run(kept, { dropIndexes: false, truthFile: path.join(folder, 'truth.csv') });
  await run(dropped, { dropIndexes: true });
}, 120_000);
afterAll(async () => {
  await admin.end();
  await kept.drop();
  await dropped.drop();
  rmSync(folder, { recursive: true });
});

/** All of the four schemas that a load may touch: columns aside, which it cannot. */
async function definitions(database: TestDatabase): Promise<string> {
  const sql = postgres(database.adminUrl, { max: 1 });
  const rows = await sql`
    select * from (
      select indexdef as what from pg_indexes where schemaname = any (${[...SUBGRAPHS]})
      union all
      select format('%s %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) from pg_constraint
      where connamespace::regnamespace::text = any (${[...SUBGRAPHS]})
      union all
      select format('%s %s %s', oid::regclass, relrowsecurity, relforcerowsecurity) from pg_class
      where relnamespace::regnamespace::text = any (${[...SUBGRAPHS]}) and relkind in ('r', 'p', 'v')
    ) x order by 1`;
  await sql.end();
  return rows.map(({ what }) => what).join('\n');
}

/** A hash over all rows of all loaded and all reference tables. */
async function content(database: TestDatabase): Promise<Record<string, string>> {
  const sql = postgres(database.adminUrl, { max: 1 });
  const names = [
    ...tableKeys.map((key) => `${tables[key].registry}.${tables[key].name}`),
    ...['persons.area', 'programs.program', 'programs.program_criteria', 'programs.compatibility', 'programs.cycle', 'payments.provider'],
  ];
  const hashes: Record<string, string> = {};
  for (const name of names) {
    const [row] = await sql.unsafe(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '' order by t::text)), '') as hash from ${name} t`,
    );
    hashes[name] = String(row?.hash);
  }
  await sql.end();
  return hashes;
}

describe('what is loaded', { timeout: 60_000 }, () => {
  test('is what the generator made, row by row', async () => {
    const count = (list: (one: (typeof generated)[number]) => readonly unknown[]) =>
      generated.reduce((sum, one) => sum + list(one).length, 0);
    const expected = {
      person: count((one) => one.persons),
      household: generated.length,
      identifier: count((one) => one.identifiers),
      identifierKey: count((one) => one.identifiers),
      membership: count((one) => one.memberships),
      roster: count((one) => one.memberships),
      programsSubject: count((one) => one.persons),
      enrollment: count((one) => one.enrollments),
      enrollmentEvent: count((one) => one.enrollments.flatMap(({ history }) => history)),
      benefit: count((one) => one.benefits),
      account: count((one) => one.accounts),
      payment: count((one) => one.payments),
      consentSubject: count((one) => one.persons),
      consentRecord: count((one) => one.consents),
    };
    expect(made.rows).toMatchObject(expected);
    for (const key of tableKeys) {
      const [row] = await admin.unsafe(`select count(*)::int as rows from ${tables[key].registry}.${tables[key].name}`);
      expect([key, row?.rows]).toEqual([key, made.rows[key]]);
    }
  });

  test('says of a person what the generator said', async () => {
    const source = generated
      .flatMap(({ persons }) => persons)
      .find(({ disabilities, second, address }) => disabilities.length > 0 && second !== null && address !== null);
    const [row] = await admin`
      select surname, given_name as given, second_name as second, sex, birth_date::text as "birthDate", birth_date_estimated as "birthDateEstimated", marital_status as "maritalStatus",
        status, education_level as "educationLevel", employment_status as "employmentStatus", occupation, income_level as "incomeLevel", languages, phones, emails,
        area_path::text as "areaCode", address_line1 as line1, locality, postal_code as "postalCode", landmark, latitude::float, longitude::float,
        disability_types as types, disability_severities as severities, registered_at::text as registered
      from persons.person where person_id = ${source?.id ?? ''}`;
    expect(row).toMatchObject({
      surname: source?.surname,
      given: source?.given,
      second: source?.second,
      sex: source?.sex,
      birthDate: source?.birthDate,
      birthDateEstimated: source?.birthDateEstimated,
      maritalStatus: source?.maritalStatus,
      status: source?.status,
      educationLevel: source?.educationLevel,
      employmentStatus: source?.employmentStatus,
      occupation: source?.occupation,
      incomeLevel: source?.incomeLevel,
      languages: source?.languages,
      phones: source?.phones,
      emails: source?.emails,
      areaCode: source?.areaCode,
      ...source?.address,
      types: source?.disabilities.map(({ type }) => type),
      severities: source?.disabilities.map(({ severity }) => severity),
      registered: `${source?.registeredOn} 00:00:00+00`,
    });
  });

  test('is the same for the same seed, with indexes kept or dropped, and another for another', async () => {
    expect(await content(dropped)).toEqual(await content(kept));
    const other = await testDatabase(inject('adminUrl'));
    await run(other, { seed: 8, households: 20 });
    expect(await content(other)).not.toEqual(await content(kept));
    await other.drop();
  });

  test('leaves indexes, keys and row security as they were', async () => {
    expect(await definitions(dropped)).toBe(before);
    expect(await definitions(kept)).toBe(before);
  });
});

describe('around a load', { timeout: 60_000 }, () => {
  test('the truth about duplicates stands in a file', () => {
    const truths = generated.flatMap(({ duplicates }) => duplicates);
    const lines = readFileSync(path.join(folder, 'truth.csv'), 'utf8').trim().split('\n');
    expect(lines).toEqual([
      'person_id,duplicate_of,errors',
      ...truths.map((one) => `${one.personId},${one.duplicateOfPersonId},${one.errors.join(' ')}`),
    ]);
    expect(truths.length).toBeGreaterThan(0);
  });

  test('a registry with persons is refused, and reset replaces all', async () => {
    expect(await isSeeded(kept.urls.persons.migratorUrl)).toBe(true);
    await expect(run(kept)).rejects.toThrow('npm run seed -- --reset --yes');
    const database = await testDatabase(inject('adminUrl'));
    expect(await isSeeded(database.urls.persons.migratorUrl)).toBe(false);
    await run(database, { seed: 99, households: 10, dropIndexes: true });
    await run(database, { reset: true });
    expect(await content(database)).toEqual(await content(kept));
    await database.drop();
  });

  test('a load that died is cleared away by the next', async () => {
    const database = await testDatabase(inject('adminUrl'));
    await run(database, { seed: 99, households: 10 });
    // As when it dies near the end: two registries are done, and the others still lack their indexes.
    for (const name of ['persons', 'programs'] as const) {
      await beginLoad(
        database.owner(name),
        name,
        tableKeys.map((key) => tables[key]).filter(({ registry }) => registry === name),
      );
    }
    expect(await definitions(database)).not.toBe(before);
    expect(await isSeeded(database.urls.persons.migratorUrl)).toBe(false);
    await run(database);
    expect(await definitions(database)).toBe(before);
    expect(await content(database)).toEqual(await content(kept));
    await database.drop();
  });
});
