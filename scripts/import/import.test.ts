import { TEST_SECRET } from '@commonweal/kit/testing.ts';
import { identifierHash } from '@commonweal/persons/person/identifiers.ts';
import { hopKey } from '@commonweal/schema/access/hop.ts';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { importedId } from './ids.ts';
import { FILES, type ImportBench, importBench, MAPPING } from './import.testing.ts';

let bench: ImportBench;
beforeEach(async () => {
  bench = await importBench(inject('adminUrl'));
});
afterEach(() => bench.drop());

const person = (key: string) => importedId('other-system', 'persons', key);
const household = (key: string) => importedId('other-system', 'households', key);
const program = (key: string) => importedId('other-system', 'programs', key);
const TABLES = {
  persons: ['area', 'person', 'household', 'membership', 'roster', 'identifier', 'identifier_key', 'registration_review', 'outbox'],
  programs: ['program', 'enrollment', 'enrollment_event', 'subject', 'coverage_delta'],
  consent: ['subject'],
} as const;

/** Every row of every table that an import writes. */
async function everything(): Promise<string[]> {
  const found: string[] = [];
  for (const [registry, tables] of Object.entries(TABLES)) {
    for (const table of tables)
      for (const row of await bench.rows(registry as 'persons', `select t::text from ${table} t order by 1`))
        found.push(`${table} ${String(row.t)}`);
  }
  return found;
}

describe('an import', () => {
  it('writes nothing in a dry run, and counts what a real run then does', async () => {
    const dry = await bench.run({}, { dryRun: true });
    expect(await everything()).toEqual([]);
    const real = await bench.run();
    expect(dry.tallies).toEqual(real.tallies);
    expect(real.tallies.persons).toEqual({ rows: 5, created: 4, updated: 0, unchanged: 0, refused: 0, passedOver: { history: 1 } });
    expect(real.tallies.memberships).toMatchObject({ created: 4 });
    expect(real.tallies.identifiers).toMatchObject({ rows: 3, created: 3 });
    expect(real.tallies.households).toMatchObject({ created: 2, passedOver: { history: 1 } });
    expect(real.tallies.areas).toMatchObject({ created: 2 });
    expect(real.tallies.enrollments).toMatchObject({ created: 2 });
  });

  it('changes nothing when it is run again', async () => {
    await bench.run();
    const before = await everything();
    const { tallies } = await bench.run();
    expect(await everything()).toEqual(before);
    for (const { rows, created, updated, unchanged, passedOver } of Object.values(tallies)) {
      expect({ created, updated, unchanged }).toEqual({ created: 0, updated: 0, unchanged: rows - (passedOver.history ?? 0) });
    }
  });

  it('puts areas under its own root, with labels that a path can have', async () => {
    await bench.run();
    expect(await bench.rows('persons', 'select path::text, name, level from area order by path')).toEqual([
      { path: 'TT', name: 'Testland', level: 'COUNTRY' },
      { path: 'TT.N_1', name: 'North', level: 'COUNTY' },
      { path: 'TT.N_1.N1_a', name: 'Hill', level: 'SUB_COUNTY' },
    ]);
  });

  it('puts areas under one that is here, so that whoever may see that county sees what was imported', async () => {
    const under = (code: string) => ({ mapping: { ...MAPPING, root: { ...MAPPING.root!, under: code } } });
    await expect(bench.run({}, under('KE.23'))).rejects.toThrow('There is no area KE.23 here.');
    expect(await bench.rows('persons', 'select path::text from area')).toEqual([]);
    const owner = postgres(bench.database.urls.persons.migratorUrl, { max: 1 });
    await owner`insert into persons.area (path, name, level) values ('KE', 'Kenya', 'COUNTRY'), ('KE.23', 'Turkana', 'COUNTY')`;
    await owner.end();
    await bench.run({}, under('KE.23'));
    expect(await bench.rows('persons', "select path::text, name, level from area where path <@ 'KE.23.TT' order by path")).toEqual([
      { path: 'KE.23.TT', name: 'Testland', level: 'SUB_COUNTY' },
      { path: 'KE.23.TT.N_1', name: 'North', level: 'LOCALITY' },
      { path: 'KE.23.TT.N_1.N1_a', name: 'Hill', level: 'LOCALITY' },
    ]);
    expect(await bench.rows('persons', "select count(*)::int as n from person where area_path <@ 'KE.23.TT'")).toEqual([{ n: 4 }]);
  });

  it('puts on persons and households what follows from the other rows', async () => {
    await bench.run();
    const persons = await bench.rows(
      'persons',
      'select person_id, household_id, area_path::text, surname_key, given_name, program_ids, source_system, source_key, source_taken_on::text from person order by source_key',
    );
    const common = { source_system: 'other-system', source_taken_on: '2026-01-15' };
    const first = {
      household_id: household('10'),
      area_path: 'TT.N_1.N1_a',
      surname_key: 'obrien',
      program_ids: [program('food')],
      ...common,
    };
    expect(persons).toEqual([
      { person_id: person('100'), given_name: 'Ada', source_key: '100', ...first },
      { person_id: person('101'), given_name: 'Bo Li', source_key: '101', ...first },
      { person_id: person('102'), given_name: 'Cy', source_key: '102', ...first },
      {
        person_id: person('103'),
        given_name: 'Di',
        source_key: '103',
        household_id: household('11'),
        area_path: 'TT.N_1',
        surname_key: 'etienne',
        program_ids: [program('old')],
        ...common,
      },
    ]);
    const members = [person('100'), person('101'), person('102')].sort();
    expect(
      await bench.rows(
        'persons',
        'select household_id, member_ids, head_person_id, size, children, adults, elderly, program_ids, area_path::text from household order by source_key',
      ),
    ).toEqual([
      {
        household_id: household('10'),
        member_ids: members,
        head_person_id: person('100'),
        size: 3,
        children: 1,
        adults: 1,
        elderly: 1,
        program_ids: [program('food')],
        area_path: 'TT.N_1.N1_a',
      },
      {
        household_id: household('11'),
        member_ids: [person('103')],
        head_person_id: person('103'),
        size: 1,
        children: 0,
        adults: 0,
        elderly: 1,
        program_ids: [program('old')],
        area_path: 'TT.N_1',
      },
    ]);
    expect(await bench.rows('persons', 'select relationship, valid_from::text from roster order by valid_from, relationship')).toEqual([
      { relationship: 'HEAD', valid_from: '2019-01-01' },
      { relationship: 'HEAD', valid_from: '2020-05-01' },
      { relationship: 'OTHER', valid_from: '2020-05-01' },
      { relationship: 'CHILD', valid_from: '2020-06-05' },
    ]);
    expect(await bench.rows('persons', 'select membership_id from membership order by 1')).toEqual(
      await bench.rows('persons', 'select membership_id from roster order by 1'),
    );
  });

  it('makes numbers findable by the hash of the deployment', async () => {
    await bench.run();
    const hash = identifierHash(hopKey(TEST_SECRET, 'identifier-hash'), 'UIN', 'ab 1234').toString('hex');
    expect(await bench.rows('persons', `select person_id from identifier_key where value_hash = '\\x${hash}'`)).toEqual([
      { person_id: person('100') },
    ]);
    expect(await bench.rows('persons', 'select value, last_four, area_path::text from identifier order by value')).toEqual([
      { value: 'AB-1234', last_four: '234', area_path: 'TT.N_1.N1_a' },
      { value: 'CD 5678', last_four: '678', area_path: 'TT.N_1.N1_a' },
      { value: 'EF9012', last_four: '012', area_path: 'TT.N_1' },
    ]);
  });

  it('writes enrollments with their program, history and counts, and tells the registries who lives where', async () => {
    await bench.run({ 'grants.csv': `${FILES['grants.csv']}3,c2,old,off,2018-01-01\n` });
    expect(
      await bench.rows(
        'programs',
        'select person_id, household_id, program_id, sensitive, area_path::text, status, starts_on::text from enrollment order by starts_on',
      ),
    ).toEqual([
      {
        person_id: person('100'),
        household_id: null,
        program_id: program('old'),
        sensitive: false,
        area_path: 'TT.N_1.N1_a',
        status: 'EXITED',
        starts_on: '2018-01-01',
      },
      {
        person_id: person('103'),
        household_id: null,
        program_id: program('old'),
        sensitive: false,
        area_path: 'TT.N_1',
        status: 'ENROLLED',
        starts_on: '2019-02-01',
      },
      {
        person_id: person('100'),
        household_id: household('10'),
        program_id: program('food'),
        sensitive: true,
        area_path: 'TT.N_1.N1_a',
        status: 'ENROLLED',
        starts_on: '2020-07-01',
      },
    ]);
    expect(
      await bench.rows(
        'programs',
        'select from_status, to_status, on_date::text, actor from enrollment_event order by on_date, from_status nulls first',
      ),
    ).toEqual([
      { from_status: null, to_status: 'ENROLLED', on_date: '2018-01-01', actor: 'import:other-system' },
      { from_status: 'ENROLLED', to_status: 'EXITED', on_date: '2018-01-01', actor: 'import:other-system' },
      { from_status: null, to_status: 'ENROLLED', on_date: '2019-02-01', actor: 'import:other-system' },
      { from_status: null, to_status: 'ENROLLED', on_date: '2020-07-01', actor: 'import:other-system' },
    ]);
    expect(await bench.rows('programs', 'select program_id, area_path::text, change from coverage_delta order by area_path')).toEqual([
      { program_id: program('old'), area_path: 'TT.N_1', change: 1 },
      { program_id: program('food'), area_path: 'TT.N_1.N1_a', change: 1 },
    ]);
    const places = [person('100'), person('101'), person('102'), person('103')].map((person_id, i) => ({
      person_id,
      area_path: i < 3 ? 'TT.N_1.N1_a' : 'TT.N_1',
      household_id: household(i < 3 ? '10' : '11'),
    }));
    const byId = (a: { person_id: string }, b: { person_id: string }) => (a.person_id < b.person_id ? -1 : 1);
    expect(await bench.rows('programs', 'select person_id, area_path::text, household_id from subject order by person_id')).toEqual(
      places.sort(byId),
    );
    const known = await bench.rows<{ person_id: string; program_ids: string[] }>('consent', 'select person_id, program_ids from subject');
    expect(known.find((row) => row.person_id === person('100'))?.program_ids).toEqual([program('old'), program('food')].sort());
    expect(known.find((row) => row.person_id === person('102'))?.program_ids).toEqual([program('food')]);
  });
});
