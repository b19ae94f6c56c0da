import { openPool } from '@commonweal/kit/db/pool.ts';
import { RowSession } from '@commonweal/kit/db/session.ts';
import { TEST_SECRET } from '@commonweal/kit/testing.ts';
import { recount } from '@commonweal/persons/household/recount.ts';
import { identifierHash } from '@commonweal/persons/person/identifiers.ts';
import { hopKey } from '@commonweal/schema/access/hop.ts';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { importedId } from './ids.ts';
import { FILES, type ImportBench, importBench } from './import.testing.ts';

let bench: ImportBench;
beforeEach(async () => {
  bench = await importBench(inject('adminUrl'));
});
afterEach(() => bench.drop());

const person = (key: string) => importedId('other-system', 'persons', key);
const household = (key: string) => importedId('other-system', 'households', key);
const program = (key: string) => importedId('other-system', 'programs', key);
const edited = (file: string, from: string, to: string) => ({ [file]: FILES[file]!.replace(from, to) });

describe('an import of a newer export', () => {
  it('changes what has changed, and closes the places of those who moved', async () => {
    await bench.run();
    const { tallies } = await bench.run(
      {
        'people.csv': FILES['people.csv']!.replace('OBRIEN,Bo,Li', 'Obrien-Lee,Bo,Li').replace('CD 5678,10,no,', 'CD 9999,11,no,'),
        ...edited('grants.csv', '1,c1,old,on', '1,c1,old,off'),
      },
      { takenOn: '2026-03-01' },
    );
    expect(tallies.persons).toMatchObject({ created: 0, updated: 1, unchanged: 3 });
    expect(tallies.memberships).toMatchObject({ created: 0, updated: 1, unchanged: 3 });
    expect(tallies.identifiers).toMatchObject({ updated: 1, unchanged: 2 });
    expect(tallies.enrollments).toMatchObject({ updated: 1, unchanged: 1 });
    const bo = person('101');
    expect(
      await bench.rows(
        'persons',
        `select household_id, valid_from::text, valid_to::text from membership where person_id = '${bo}' order by valid_from`,
      ),
    ).toEqual([
      { household_id: household('10'), valid_from: '2020-05-01', valid_to: '2026-03-01' },
      { household_id: household('11'), valid_from: '2026-03-01', valid_to: null },
    ]);
    expect(
      await bench.rows('persons', `select surname_key, area_path::text, household_id, program_ids from person where person_id = '${bo}'`),
    ).toEqual([{ surname_key: 'obrienlee', area_path: 'TT.N_1', household_id: household('11'), program_ids: [] }]);
    expect(await bench.rows('persons', 'select size, children, adults, elderly from household order by source_key')).toEqual([
      { size: 2, children: 1, adults: 1, elderly: 0 },
      { size: 2, children: 0, adults: 0, elderly: 2 },
    ]);
    const old = identifierHash(hopKey(TEST_SECRET, 'identifier-hash'), 'UIN', 'CD5678').toString('hex');
    expect(await bench.rows('persons', `select 1 from identifier_key where value_hash = '\\x${old}'`)).toEqual([]);
    expect(
      await bench.rows(
        'programs',
        `select from_status, to_status, on_date::text from enrollment_event where person_id = '${person('103')}' order by on_date`,
      ),
    ).toEqual([
      { from_status: null, to_status: 'ENROLLED', on_date: '2019-02-01' },
      { from_status: 'ENROLLED', to_status: 'EXITED', on_date: '2026-03-01' },
    ]);
    expect(await bench.rows('programs', `select sum(change)::int as n from coverage_delta where program_id = '${program('old')}'`)).toEqual(
      [{ n: 0 }],
    );
    expect(await bench.rows('programs', `select area_path::text from subject where person_id = '${bo}'`)).toEqual([
      { area_path: 'TT.N_1' },
    ]);
    expect(await bench.rows('consent', `select area_path::text, program_ids from subject where person_id = '${bo}'`)).toEqual([
      { area_path: 'TT.N_1', program_ids: [] },
    ]);
    expect(await bench.rows('persons', 'select type, subject from outbox order by type')).toEqual([
      { type: 'person.moved', subject: bo },
      { type: 'programs.known', subject: bo },
    ]);
    expect(
      (await bench.rows<{ day: string }>('persons', 'select distinct source_taken_on::text as day from person')).map((row) => row.day),
    ).toEqual(['2026-03-01']);
  });

  it('takes households along that have moved, with all that stands for them', async () => {
    await bench.run();
    await bench.run(edited('homes.csv', '10,2', '10,1'));
    const places = async (registry: 'persons' | 'programs' | 'consent', table: string) =>
      bench.rows(registry, `select distinct area_path::text as area from ${table}`);
    for (const table of ['person', 'household', 'membership', 'roster', 'identifier'])
      expect(await places('persons', table), table).toEqual([{ area: 'TT.N_1' }]);
    for (const table of ['enrollment', 'enrollment_event', 'subject'])
      expect(await places('programs', table), table).toEqual([{ area: 'TT.N_1' }]);
    expect(await places('consent', 'subject')).toEqual([{ area: 'TT.N_1' }]);
    expect(
      await bench.rows('programs', 'select area_path::text, sum(change)::int as n from coverage_delta group by 1 having sum(change) <> 0'),
    ).toEqual([{ area_path: 'TT.N_1', n: 2 }]);
  });

  it('gives households what a change through the graph would give them', async () => {
    await bench.run();
    const columns =
      'select household_id, size, children, adults, elderly, head_person_id, program_ids, (select array_agg(x order by x) from unnest(member_ids) x) as members from household order by household_id';
    const imported = await bench.rows('persons', columns);
    const pool = openPool(bench.database.urls.persons.migratorUrl, 'persons', 1);
    for (const key of ['10', '11']) await new RowSession(pool, {}).write((db) => recount(db, household(key)));
    await pool.end();
    expect(await bench.rows('persons', columns)).toEqual(imported);
  });

  it('leaves alone who is in none of the files, and says so', async () => {
    await bench.run();
    const { notes } = await bench.run(edited('people.csv', '103,Étienne,Di,,F,07/08/1940,W,,EF9012,11,yes,,2019-01-01,\n', ''));
    expect(notes).toEqual(['1 persons of other-system are in the registry and in none of these files. They were left as they are.']);
    expect(await bench.rows('persons', 'select count(*)::int as n from person')).toEqual([{ n: 4 }]);
  });

  it('completes a run that died between two registries', async () => {
    const programs = bench.database.owner('programs');
    await programs.unsafe(`create function no() returns trigger language plpgsql as $$ begin raise exception 'died'; end $$`);
    await programs.unsafe('create trigger no before insert on enrollment for each row execute function no()');
    await expect(bench.run()).rejects.toThrow('died');
    expect(await bench.rows('persons', 'select count(*)::int as n from person')).toEqual([{ n: 4 }]);
    expect(await bench.rows('programs', 'select count(*)::int as n from program')).toEqual([{ n: 0 }]);
    await programs.unsafe('drop trigger no on enrollment');
    const { tallies } = await bench.run();
    expect(tallies.persons).toMatchObject({ created: 0, unchanged: 4 });
    expect(tallies.enrollments).toMatchObject({ created: 2 });
    expect(await bench.rows('persons', 'select count(*)::int as n from person where cardinality(program_ids) = 1')).toEqual([{ n: 4 }]);
    expect(await bench.rows('consent', 'select count(*)::int as n from subject where cardinality(program_ids) = 1')).toEqual([{ n: 4 }]);
  });
});

describe('an import of an older export', () => {
  it('is refused before anything is written: it would take back what has changed since', async () => {
    await bench.run({}, { takenOn: '2026-03-01' });
    const older = bench.run(edited('homes.csv', 'Mill Road', 'Mill Rd'), { takenOn: '2026-02-28' });
    await expect(older).rejects.toMatchObject({
      message: 'This export was taken on 2026-02-28; 4 persons of it were imported already as they were on 2026-03-01.',
      remedy: expect.stringContaining('--taken-on 2026-03-01'),
    });
    expect(await bench.rows('persons', 'select distinct source_taken_on::text from person')).toEqual([{ source_taken_on: '2026-03-01' }]);
    for (const table of ['person', 'household'])
      await bench.database.owner('persons').unsafe(`update ${table} set source_taken_on = '2026-01-01'`);
    await expect(bench.run({}, { takenOn: '2026-02-28' })).rejects.toThrow('2 programs of it were imported already');
    expect((await bench.run({}, { takenOn: '2026-03-01' })).tallies.persons).toMatchObject({ unchanged: 4 });
  });

  it('is one whatever day is told that has not come yet', async () => {
    const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    await expect(bench.run({}, { takenOn: day })).rejects.toThrow(
      `The export cannot have been taken on ${day}: that day is still to come.`,
    );
  });
});
