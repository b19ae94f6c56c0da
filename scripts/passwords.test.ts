import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readScriptConfig } from './config.ts';
import { openDatabase } from './database.ts';
import { type RunningPostgres, startPostgres } from './postgres.ts';

// A server of its own: roles belong to the whole server.
let server: RunningPostgres;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-passwords-'));
  server = await startPostgres({ dataDir: path.join(folder, 'postgres'), port: 0, mode: 'test' });
}, 60_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = (url: string) => openDatabase(readScriptConfig({}), url);
const withPassword = (password: string) => Object.assign(new URL(server.url), { password }).href;
const prepare = (url: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['scripts/prepare.ts', folder, ...args], { env: { ...process.env, DATABASE_URL: url } });
const works = async (url: string) => {
  const sql = postgres(url, { max: 1 });
  try {
    return (await sql`select 1 as one`)[0]?.one === 1;
  } finally {
    await sql.end();
  }
};

it('an url without a password makes no roles: theirs follow from it', async () => {
  await expect(open(withPassword(''))).rejects.toThrow();
  await expect(prepare(withPassword(''))).rejects.toMatchObject({ stderr: expect.stringContaining('url has no password') });
  const sql = postgres(server.url, { max: 1 });
  expect(await sql`select 1 from pg_roles where rolname like 'commonweal%'`).toEqual([]);
  await sql.end();
});

it('several may make an empty database ready at the same time', async () => {
  const [one, ...others] = await Promise.all([open(server.url), open(server.url), open(server.url)]);
  expect(others.map(({ urls }) => urls)).toEqual([one!.urls, one!.urls]);
});

it("after a change of the administrator's password it is said what to do, and the registries' roles get new ones when that is asked for", async () => {
  const { urls } = await open(server.url);
  const sql = postgres(server.url, { max: 1 });
  await sql`alter role postgres password 'another password'`;
  await sql.end();
  const changed = withPassword('another password');
  await expect(open(changed)).rejects.toMatchObject({
    message: "The passwords of the registries' roles do not follow from this administrator's password.",
    remedy: expect.stringContaining('--new-passwords'),
  });
  expect(await works(urls.consent.appUrl)).toBe(true);
  await prepare(changed, '--new-passwords');
  const told = readFileSync(path.join(folder, 'consent.env'), 'utf8').trim().replace('COMMONWEAL_DATABASE_URL=', '');
  expect(await works(told)).toBe(true);
  await expect(works(urls.consent.appUrl)).rejects.toThrow('password authentication failed');
  await prepare(changed);
});
