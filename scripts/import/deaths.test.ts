import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { FILES, type ImportBench, importBench, MAPPING } from './import.testing.ts';

let bench: ImportBench;
beforeEach(async () => {
  bench = await importBench(inject('adminUrl'));
});
afterEach(() => bench.drop());

const mappingWith = (fields: object) => ({
  ...MAPPING,
  entries: MAPPING.entries.map((entry) => (entry.target === 'persons' ? { ...entry, fields: { ...entry.fields, ...fields } } : entry)),
});
const deathDate = { column: 'died', steps: [{ date: 'ISO' }] };
const status = { column: 'state', codes: { a: 'ACTIVE', w: 'WITHDRAWN' } };
/** The people with a day of death and a state for those who are named. */
const people = (told: Readonly<Record<string, string>>) => {
  const [header, ...rows] = FILES['people.csv']!.trim().split('\n');
  return { 'people.csv': [`${header},died,state`, ...rows.map((row) => `${row},${told[row.split(',')[0]!] ?? ','}`), ''].join('\n') };
};
const states = async () =>
  Object.fromEntries(
    (
      await bench.rows<{ source_key: string; told: string }>(
        'persons',
        `select source_key, concat_ws(' ', status, death_date) as told from person`,
      )
    ).map(({ source_key, told }) => [source_key, told]),
  );

it('a person with a day of death is deceased, and no longer so when a newer export takes it back', async () => {
  const mapping = mappingWith({ deathDate });
  await bench.run(people({ 103: '2025-02-03,' }), { mapping });
  expect(await states()).toEqual({ 100: 'ACTIVE', 101: 'ACTIVE', 102: 'ACTIVE', 103: 'DECEASED 2025-02-03' });
  await bench.database.owner('persons')`update person set status = 'WITHDRAWN' where source_key = '101'`;
  await bench.run(people({ 100: '2026-02-01,' }), { mapping, takenOn: '2026-03-01' });
  expect(await states()).toEqual({ 100: 'DECEASED 2026-02-01', 101: 'WITHDRAWN', 102: 'ACTIVE', 103: 'ACTIVE' });
});

it('a day of death outweighs a state that says that somebody is active, and no other state', async () => {
  await bench.run(people({ 100: '2025-02-03,a', 101: '2025-02-03,w', 102: ',w', 103: ',a' }), {
    mapping: mappingWith({ deathDate, status }),
  });
  expect(await states()).toEqual({ 100: 'DECEASED 2025-02-03', 101: 'WITHDRAWN 2025-02-03', 102: 'WITHDRAWN', 103: 'ACTIVE' });
});

it('somebody who died before being born is refused, with number and place', async () => {
  const { lines } = await bench.run(people({ 100: '1979-12-31,', 103: '1940-08-07,' }), { mapping: mappingWith({ deathDate }) });
  expect(Object.keys(await states())).toEqual(['101', '102', '103']);
  expect(lines.filter((line) => line.includes(',2,'))).toEqual([
    'refused,persons,people.csv,2,deathDate,date,before the day of birth',
    'refused,identifiers,people.csv,2,,row,its person is refused',
    'refused,memberships,people.csv,2,,row,its person is refused',
  ]);
});
