import { type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openCopy } from './copy.ts';
import type { LoadedTable } from './tables.ts';
import { bytes, text, texts } from './text.ts';

let database: TestDatabase;
const scratch: LoadedTable = { registry: 'persons', name: 'scratch', columns: ['id', 'words', 'list', 'data'] };
const membership: LoadedTable = {
  registry: 'persons',
  name: 'membership',
  columns: ['membership_id', 'person_id', 'household_id', 'area_path', 'relationship', 'valid_from'],
};
const ids = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000003'];

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await database.owner('persons')`create table scratch (id integer primary key, words text, list text[], data bytea)`;
});
afterAll(() => database.drop());

const open = (table: LoadedTable, fresh = false) => openCopy(database.urls.persons.migratorUrl, table, fresh);

test('texts of any content come through, alone and in arrays', async () => {
  const words = [
    'plain',
    'tab\there',
    'line\nend\r\n',
    'back\\slash \\N \\.',
    '',
    'Chief’s Camp, ñandú, 村, 🏡',
    '{"a","b"}',
    'NULL',
    ' padded ',
    null,
  ];
  const copy = await open(scratch);
  const lists = [[], ['a'], words.filter((word) => word !== null)];
  const rows = [...words.map((word) => ({ word, list: lists[0] ?? [] })), ...lists.map((list) => ({ word: null, list }))];
  copy.write(Buffer.from(rows.map(({ word, list }, id) => `${id}\t${text(word)}\t${texts(list)}\t${bytes('00ff5c')}\n`).join('')));
  await copy.finish();
  const found = await database.owner('persons')`select words as word, list, encode(data, 'hex') as data from scratch order by id`;
  expect([...found]).toEqual(rows.map((row) => ({ ...row, data: '00ff5c' })));
});

test('a row that PostgreSQL cannot read ends the load with the name of the table, and leaves nothing', async () => {
  const copy = await open({ ...scratch, columns: ['id', 'words'] }, true);
  const rows = Buffer.from('x\ty\n'.repeat(20_000));
  const load = async () => {
    for (let chunk = 0; chunk < 100; chunk++) {
      copy.write(rows);
      if (copy.isFull) await copy.drained();
    }
    await copy.finish();
  };
  await expect(load()).rejects.toThrow('Loading persons.scratch failed: invalid input syntax for type integer: "x"');
  await copy.abort();
  expect(await database.owner('persons')`select count(*)::int as rows from scratch`).toEqual([{ rows: 13 }]);
});

test('a foreign key that does not hold is told of at the end, and row security stays forced', async () => {
  const copy = await open(membership);
  copy.write(Buffer.from(`${ids.join('\t')}\tKE.23\tHEAD\t2024-01-01\n`));
  await expect(copy.finish()).rejects.toThrow(
    'Loading persons.membership failed: insert or update on table "membership" violates foreign key constraint',
  );
  const sql = database.owner('persons');
  expect(await sql`select count(*)::int as rows from membership`).toEqual([{ rows: 0 }]);
  expect(await sql`select relforcerowsecurity as forced from pg_class where oid = 'persons.membership'::regclass`).toEqual([
    { forced: true },
  ]);
});
