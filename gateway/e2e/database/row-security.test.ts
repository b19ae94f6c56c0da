import { type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { SUBGRAPHS } from '@commonweal/schema';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { seed } from '../../../scripts/seed/seed.ts';
import { declarationOf, readCatalog, type Table } from './catalog.ts';

/** Row-level security alone, without the conditions that the registries write: what the app role sees under settings of every kind. */

let database: TestDatabase;
let admin: postgres.Sql;
/** The tables about persons that have rows. */
let tables: Table[];
const apps = new Map<string, postgres.Sql>();
const KEYS = [
  'access.person',
  'access.areas',
  'access.programs',
  'access.all_programs',
  'access.providers',
  'access.all_providers',
  'access.consumer',
  'access.audit_all',
] as const;
type Settings = Partial<Record<(typeof KEYS)[number], string>>;
const WIDE: Settings = {
  'access.areas': 'KE',
  'access.all_programs': 'on',
  'access.all_providers': 'on',
  'access.consumer': 'county-services',
  'access.audit_all': '',
};
/** Of these a row is seen by its person, or by the consumer that looked, and by no area. */
const BY_NO_AREA = ['consent.access_log', 'consent.access_log_person'];

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await seed({ urls: database.urls, secret: Buffer.alloc(32, 7), households: 30, seed: 1, onProgress: () => {} });
  admin = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
  for (const name of SUBGRAPHS)
    apps.set(name, postgres(database.urls[name].appUrl, { max: 1, onnotice: () => {}, connection: { search_path: `${name},public` } }));
  tables = [];
  for (const table of await readCatalog(admin)) {
    if (!declarationOf(table)?.aboutPersons) continue;
    const [{ n }] = (await admin.unsafe(`select count(*)::int as n from ${table.schema}.${table.name}`)) as unknown as [{ n: number }];
    if (n > 0) tables.push(table);
  }
});
afterAll(async () => {
  for (const app of apps.values()) await app.end();
  await admin?.end();
  await database?.drop();
});

/** Rows that the app role sees of each table under settings; a statement that fails gives none. */
async function seen(settings: Settings): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of tables) {
    const rows = await apps
      .get(table.schema)!
      .begin('read only', async (tx) => {
        for (const [key, value] of Object.entries(settings)) await tx`select set_config(${key}, ${value}, true)`;
        return (await tx.unsafe(`select count(*)::int as n from ${table.name}`)) as unknown as [{ n: number }];
      })
      .catch((error: postgres.PostgresError) => {
        // A list that cannot be read as one ends the statement.
        if (!['22P02', '42601', '22023', '42622'].includes(error.code)) throw error;
        return [{ n: 0 }] as const;
      });
    if (rows[0].n > 0) found[`${table.schema}.${table.name}`] = rows[0].n;
  }
  return found;
}

it('shows the rows of the country to who may see the country', async () => {
  expect(tables.length).toBeGreaterThan(10);
  const found = await seen(WIDE);
  expect(tables.map((t) => `${t.schema}.${t.name}`).filter((t) => !found[t] && !BY_NO_AREA.includes(t))).toEqual([]);
});

describe('no row is seen', () => {
  it('without any setting', async () => {
    expect(await seen({})).toEqual({});
  });

  it('with all settings empty, as a pooled connection has them after its first transaction', async () => {
    expect(await seen(Object.fromEntries(KEYS.map((k) => [k, ''])))).toEqual({});
  });

  const strange: [string, string][] = [
    ['empty', ''],
    ['a comma', ','],
    ['commas', ',,,'],
    ['a space', ' '],
    ['a wildcard', '%'],
    ['a pattern', '*'],
    ['a query', 'KE.*'],
    ['an array', '{KE}'],
    ['a quote', "'"],
    ['a null', 'NULL'],
    ['a broken path', 'KE..23'],
    ['a dot', '.'],
    ['the beginning of a code', 'K'],
    ['another country', 'UG'],
    ['a code in lower case', 'ke'],
    ['a code with a space', 'KE '],
    ['very long', 'x'.repeat(100_000)],
    ['very many', Array(5000).fill('UG.01').join(',')],
    ['very deep', Array(2000).fill('KE').join('.')],
  ];
  it.each(strange)('with areas that are %s', async (_, areas) => {
    const found = await seen({ ...WIDE, 'access.areas': areas });
    // Consents are given with the whole of a person's row, never listed by area: any area opens the door to that registry's own look-ups by person.
    for (const table of ['consent.consent_event', 'consent.consent_grant']) delete found[table];
    expect(found).toEqual({});
  });

  it.each(strange.filter(([, v]) => !v.startsWith('UG')))('with a person that is %s', async (_, person) => {
    expect(await seen({ 'access.person': person })).toEqual({});
  });

  it.each(['', ',', '%', 'on', '00000000-0000-4000-8000-000000000000'])(
    'of persons in programs, with programs that are "%s"',
    async (programs) => {
      const found = await seen({ ...WIDE, 'access.all_programs': '', 'access.programs': programs });
      for (const table of ['persons.person', 'persons.household', 'programs.enrollment', 'programs.benefit', 'payments.payment'])
        expect([table, found[table]]).toEqual([table, undefined]);
    },
  );

  it.each(['true', 'ON', 'yes', '1', 'on '])('when all programs are said to be "%s" instead of on', async (all) => {
    const found = await seen({ ...WIDE, 'access.all_programs': all });
    for (const table of ['persons.person', 'programs.enrollment', 'payments.payment'])
      expect([table, found[table]]).toEqual([table, undefined]);
  });
});

describe('one person', () => {
  it('is all that is seen with their id', async () => {
    const [row] = await admin`select person_id from persons.person where household_id is not null and cardinality(program_ids) > 0 limit 1`;
    const found = await seen({ 'access.person': row!.person_id as string });
    expect(found).toMatchObject({ 'persons.person': 1, 'persons.household': 1 });
    for (const table of tables.filter((t) => t.columns.some((c) => c.name === 'person_id'))) {
      const whose = await apps.get(table.schema)!.begin(async (tx) => {
        await tx`select set_config('access.person', ${row!.person_id as string}, true)`;
        return tx.unsafe(`select distinct person_id from ${table.name}`);
      });
      expect([table.name, whose.filter((r) => r.person_id !== row!.person_id)]).toEqual([table.name, []]);
    }
  });
});

describe('writing', () => {
  it('puts no row where it could not be seen', async () => {
    const persons = apps.get('persons')!;
    const insert = (area: string) =>
      persons
        .begin(async (tx) => {
          await tx`select set_config('access.areas', 'KE.23', true), set_config('access.all_programs', 'on', true), set_config('access.all_providers', 'on', true)`;
          await tx`insert into person (person_id, area_path, surname, given_name, surname_key, sex, birth_date) values (gen_random_uuid(), ${area}, 'X', 'Y', 'x', 'MALE', '1990-01-01')`;
        })
        .then(
          () => 'written',
          (error: postgres.PostgresError) => error.code,
        );
    expect([await insert('KE.23.01'), await insert('KE.47.01'), await insert('KE')]).toEqual(['written', '42501', '42501']);
  });

  it('changes no row that is not seen, and moves none out of sight', async () => {
    const persons = apps.get('persons')!;
    const update = (statement: string) =>
      persons
        .begin(async (tx) => {
          await tx`select set_config('access.areas', 'KE.23', true), set_config('access.all_programs', 'on', true), set_config('access.all_providers', 'on', true)`;
          return (await tx.unsafe(statement)).count;
        })
        .catch((error: postgres.PostgresError) => error.code);
    expect(await update(`update person set occupation = 'x' where not area_path <@ 'KE.23'`)).toBe(0);
    expect(await update(`update person set area_path = 'KE.47' where area_path <@ 'KE.23'`)).toBe('42501');
  });
});
