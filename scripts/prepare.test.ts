import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runConsumers } from './consumers.ts';

const run = promisify(execFile);
const DATABASE = 'prepared_by_its_program';
let folder: string;
let admin: postgres.Sql;
const url = () => Object.assign(new URL(inject('adminUrl')), { pathname: `/${DATABASE}` }).href;
const prepare = async () =>
  (await run(process.execPath, ['scripts/prepare.ts', folder], { env: { ...process.env, DATABASE_URL: url() } })).stdout;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-prepare-'));
  admin = postgres(inject('adminUrl'), { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${DATABASE}`);
});
afterAll(async () => {
  await admin.unsafe(`drop database if exists ${DATABASE} with (force)`);
  await admin.end();
  rmSync(folder, { recursive: true, force: true });
});

describe('preparing a database for production', () => {
  it('makes the tables of all registries and the rules that policies are checked against, and no person, consumer or policy', async () => {
    expect(await prepare()).toMatch(/^persons: 0000_/);
    const consent = postgres(readFileSync(path.join(folder, 'consent.env'), 'utf8').trim().split('=').slice(1).join('='), { max: 1 });
    const owner = postgres(url(), { max: 1 });
    try {
      const count = async (table: string) => (await owner.unsafe(`select count(*)::int as n from ${table}`))[0]!.n as number;
      expect(await count('consent.purpose')).toBeGreaterThan(5);
      expect(await count('consent.ceiling_use')).toBeGreaterThan(20);
      expect(await count('consent.field_class')).toBeGreaterThan(100);
      for (const table of ['persons.person', 'programs.program', 'consent.consumer', 'consent.sharing_policy'])
        expect(await count(table)).toBe(0);
      // The url that was written down is that of a role that reads the rules and cannot change them.
      await expect(consent`delete from consent.ceiling_use`).rejects.toThrow('permission denied');
    } finally {
      await consent.end();
      await owner.end();
    }
  });

  it('finds nothing to do when it is repeated, and takes back what somebody changed in the rules', async () => {
    const owner = postgres(url(), { max: 1 });
    try {
      const rules = () => owner`select kind, access_class, use from consent.ceiling_use order by 1, 2, 3`;
      const before = await rules();
      await owner`delete from consent.ceiling_use where kind = (select min(kind) from consent.ceiling_use)`;
      expect(await prepare()).toContain('persons: up to date');
      expect(await rules()).toEqual(before);
    } finally {
      await owner.end();
    }
  });

  it('a consumer and its policy are entered as the instructions say, and approved by somebody else', async () => {
    const [entered, approved] = [...readFileSync('deploy/README.md', 'utf8').matchAll(/```sql\n([^`]+)```/g)].map((block) => block[1]!);
    const owner = postgres(url(), { max: 1, onnotice: () => {} });
    try {
      const epoch = async () => Number((await owner`select max(epoch) as n from consent.policy_epoch`)[0]!.n);
      const before = await epoch();
      await owner.unsafe(entered!);
      await expect(owner.unsafe(approved!.replace("'grace'", "'ada'"))).rejects.toThrow('check constraint');
      await owner.unsafe('rollback');
      await owner.unsafe(approved!);
      expect(await owner`select consumer_id, status from consent.sharing_policy`).toEqual([
        { consumer_id: 'statistics', status: 'PUBLISHED' },
      ]);
      expect(await epoch()).toBe(before + 1);
      const said: string[] = [];
      await runConsumers(['list'], { DATABASE_URL: url() }, (text) => said.push(text));
      expect(said.join()).toMatch(/^statistics +Bureau of Statistics +official +1 +admitted$/m);
    } finally {
      await owner.end();
    }
  });
});
