import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { MigrationChanged, migrate } from './migrate.ts';

let database: TestDatabase;
const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-migrations-'));
beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
});
afterAll(async () => {
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
const run = () => migrate('programs', database.urls.programs.migratorUrl, folder);
const tables = async () => {
  const rows = await database.owner('programs')`select relname from pg_class where relname like 'trial%' and relkind = 'r' order by 1`;
  return rows.map((r) => r.relname as string);
};

it('migrations run in the order of their numbers, each once', async () => {
  write('0102_more.sql', "alter table trial add column more int;\n-- A reason.\ncomment on table trial is 'more';\n");
  write('0101_trial.sql', 'create table trial (id int);\ngrant select on trial to :app;\n');
  write('notes.txt', 'no migration');
  expect(await run()).toEqual(['0101_trial.sql', '0102_more.sql']);
  expect(await run()).toEqual([]);
});

it('one that has run is not to be changed', async () => {
  write('0101_trial.sql', 'create table trial (id bigint);\n');
  await expect(run()).rejects.toThrow(MigrationChanged);
  await expect(run()).rejects.toThrow('programs: 0101_trial.sql has run here with another text.');
  write('0101_trial.sql', 'create table trial (id int);\ngrant select on trial to :app;\n');
});

it('one that fails leaves nothing behind, and runs as a whole when it was mended', async () => {
  write('0103_wrong.sql', 'create table trial_two (id int);\nalter table nowhere add column x int;\n');
  await expect(run()).rejects.toThrow('nowhere');
  expect(await tables()).toEqual(['trial']);
  write('0103_wrong.sql', 'create table trial_two (id int);\n');
  expect(await run()).toEqual(['0103_wrong.sql']);
});

it('processes that start together run each once', async () => {
  write('0104_counted.sql', 'create table trial_three (id int);\n');
  const ran = await Promise.all([run(), run(), run()]);
  expect(new Set(ran.flat())).toEqual(new Set(['0104_counted.sql']));
  expect(await tables()).toEqual(['trial', 'trial_three', 'trial_two']);
});
