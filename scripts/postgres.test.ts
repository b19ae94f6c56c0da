import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { readPidFile } from './postgres.folder.ts';
import { startPostgres } from './postgres.ts';
import { StartupProblem } from './startup-problem.ts';

const parent = mkdtempSync(path.join(os.tmpdir(), 'commonweal-postgres-'));
// As root without user namespaces PostgreSQL runs as nobody, who must pass here.
chmodSync(parent, 0o711);
const dataDir = path.join(parent, 'data');
const start = (over: { dataDir?: string; port?: number } = {}) => startPostgres({ dataDir, port: 0, mode: 'test', ...over });

afterAll(() => rmSync(parent, { recursive: true, force: true }));

describe('the embedded PostgreSQL', () => {
  it('starts on a folder that does not exist, with a password that only its owner may read', async () => {
    await using server = disposable(await start());
    await using sql = connect(server.url);
    expect(
      await sql.query`select current_setting('server_version_num')::int / 10000 as major, current_setting('max_connections') as n`,
    ).toEqual([{ major: 18, n: '300' }]);
    expect(await sql.query`select datlocprovider as provider, datlocale as locale from pg_database where datname = 'postgres'`).toEqual([
      { provider: 'b', locale: 'C.UTF-8' },
    ]);
    expect(statSync(`${dataDir}.password`).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(dataDir, 'pg_hba.conf'), 'utf8')).not.toMatch(/^[^#\n]*\btrust\b/m);
  });

  it('keeps its data over a restart', async () => {
    {
      await using server = disposable(await start());
      await using sql = connect(server.url);
      await sql.query`create table kept as select 42 as answer`;
    }
    await using server = disposable(await start());
    await using sql = connect(server.url);
    expect(await sql.query`select answer from kept`).toEqual([{ answer: 42 }]);
  });

  it('leaves no process behind when it is stopped', async () => {
    const server = await start();
    expect(processesOn(dataDir)).not.toEqual([]);
    await server.stop();
    expect(processesOn(dataDir)).toEqual([]);
  });

  it('refuses a second start on the same folder, and says where the first one runs', async () => {
    await using server = disposable(await start());
    const pid = readPidFile(dataDir)?.pid;
    await expect(start()).rejects.toThrow(`PostgreSQL is already running on ${dataDir}: process ${pid}, port ${server.port}.`);
  });

  it('lets one of two simultaneous starts win on a new folder', async () => {
    const race = path.join(parent, 'race');
    const code = `await import(${JSON.stringify(import.meta.resolve('./postgres.ts'))}).then(({ startPostgres }) =>
      startPostgres({ dataDir: ${JSON.stringify(race)}, port: 0, mode: 'test' })).then(
        async (s) => { console.log('started'); process.stdin.resume(); await new Promise((r) => process.stdin.once('end', r)); await s.stop(); process.exit() },
        (e) => { console.log(e.name); process.exit() });`;
    const both = [0, 1].map(() => spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] }));
    const words = await Promise.all(both.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim()));
    for (const child of both) child.stdin.end();
    await Promise.all(both.map(async (child) => child.exitCode ?? (await once(child, 'exit'))));
    expect(words.toSorted()).toEqual(['StartupProblem', 'started']);
  });

  it('dies with its parent, even when that is killed with SIGKILL, and starts again after it', async () => {
    const child = await startInChild(dataDir);
    expect(processesOn(dataDir)).not.toEqual([]);
    child.kill('SIGKILL');
    await expect.poll(() => processesOn(dataDir), { timeout: 10_000 }).toEqual([]);
    const server = await start();
    await server.stop();
  });

  it('recovers when PostgreSQL itself was killed, even if its process number belongs to somebody else now', async () => {
    const server = await start();
    const { pid } = readPidFile(dataDir) ?? { pid: 0 };
    process.kill(pid, 'SIGKILL');
    await server.exited;
    await expect.poll(() => processesOn(dataDir), { timeout: 10_000 }).toEqual([]);
    const pidFile = path.join(dataDir, 'postmaster.pid');
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(String(pid), String(process.pid)));
    await (await start()).stop();
  });
});

describe('a start that cannot go on says so in a sentence', () => {
  it('the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(start({ port })).rejects.toThrow(`Port ${port} is already in use.`);
    other.close();
  });

  it('the folder is of another version', async () => {
    const old = path.join(parent, 'old');
    mkdirSync(old);
    writeFileSync(path.join(old, 'PG_VERSION'), '17\n');
    await expect(start({ dataDir: old })).rejects.toThrow(`The data folder ${old} was made by PostgreSQL 17; this is PostgreSQL 18.`);
  });

  it("the folder holds somebody else's files", async () => {
    const photos = path.join(parent, 'photos');
    mkdirSync(photos);
    writeFileSync(path.join(photos, 'holiday.jpg'), '');
    await expect(start({ dataDir: photos })).rejects.toThrow("holds files that are not PostgreSQL's");
  });

  it('the folder cannot be made', async () => {
    const file = path.join(parent, 'file');
    writeFileSync(file, '');
    await expect(start({ dataDir: path.join(file, 'data') })).rejects.toThrow('cannot be written');
  });

  it('the password is lost, or is another one', async () => {
    await (await start()).stop();
    const kept = readFileSync(`${dataDir}.password`, 'utf8');
    rmSync(`${dataDir}.password`);
    const problem = await start().catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(StartupProblem);
    expect(problem).toMatchObject({
      message: expect.stringContaining('is missing'),
      remedy: expect.stringContaining('Put that file back'),
    });
    writeFileSync(`${dataDir}.password`, 'wrong');
    await expect(start()).rejects.toThrow('refuses the password');
    writeFileSync(`${dataDir}.password`, kept);
    chmodSync(`${dataDir}.password`, 0o600);
    expect(processesOn(dataDir)).toEqual([]);
  });
});

function disposable<T extends { stop(): Promise<void> }>(server: T): T & AsyncDisposable {
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.stop() });
}

function connect(url: string): { query: postgres.Sql } & AsyncDisposable {
  const query = postgres(url, { max: 1, onnotice: () => {} });
  return { query, [Symbol.asyncDispose]: () => query.end() };
}

async function startInChild(folder: string) {
  const code = `const { startPostgres } = await import(${JSON.stringify(import.meta.resolve('./postgres.ts'))});
    await startPostgres({ dataDir: ${JSON.stringify(folder)}, port: 0, mode: 'durable' }); console.log('started');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

/** Command lines of the processes whose working folder is this data folder: the server and its helpers. */
function processesOn(folder: string): string[] {
  const found = spawnSync('sh', [
    '-c',
    'for p in /proc/[0-9]*; do [ "$(readlink "$p/cwd")" = "$1" ] && cat "$p/comm"; done; true',
    'sh',
    folder,
  ]);
  return String(found.stdout).split('\n').filter(Boolean);
}
