import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from './freeport.ts';

const SCRIPT = path.join(import.meta.dirname, 'up.ts');
const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const variables = (more: Record<string, string>) => ({
  PATH: process.env.PATH,
  COMMONWEAL_DATA: path.join(folder, 'data'),
  COMMONWEAL_HOUSEHOLDS: '50',
  ...more,
});

/** A start that fails: what it said, and how it ended. */
function fail(more: Record<string, string>, args: string[] = []) {
  const done = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8', env: variables(more), timeout: 30_000 });
  return [done.status, done.stderr.replace(/\n\s+/g, ' ').trim()];
}

/** A system that was started as npm would, and waits until it says that it runs. */
async function start(
  args: string[] = [],
  more: Record<string, string> = {},
): Promise<{ child: ChildProcess; url: string; said: () => string; ended: Promise<number | null> }> {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: variables({ COMMONWEAL_PORT: String(await freePort()), ...more }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  while (!/Commonweal runs/.test(text) && child.exitCode === null) await sleep(25);
  expect(text).toContain('Commonweal runs');
  return { child, url: /(http:\S+)\/graphql/.exec(text)?.[1] ?? '', said: () => text, ended };
}

/** Processes started by another, and by those: ids. */
function descendants(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid)
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}
function parentOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, '').trim().split(' ')[1]);
  } catch {
    return undefined;
  }
}
/** Those of them that are still there after a while, which is long because a busy computer takes its time to write a database down. */
async function left(pids: readonly number[]): Promise<number[]> {
  for (let i = 0; i < 1200 && pids.some((pid) => existsSync(`/proc/${pid}`)); i++) await sleep(25);
  return pids.filter((pid) => existsSync(`/proc/${pid}`));
}
/** Empty for a process that is gone. */
const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};
const ask = (url: string) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: '{"query":"{ programs(first: 1) { nodes { code } } }"}',
  });
/** `npm run audit -- verify` beside the system: how it ended, and what it said. */
function audit(more: Record<string, string> = {}) {
  const script = path.join(import.meta.dirname, 'audit.ts');
  const done = spawnSync(process.execPath, [script, 'verify'], { encoding: 'utf8', env: variables(more), timeout: 30_000 });
  return [done.status, done.stdout || done.stderr];
}
const programs = async (url: string) => {
  const answer = await ask(url);
  return ((await answer.json()) as { data: { programs: { nodes: unknown[] } } }).data.programs.nodes.length;
};

describe('a start that cannot go on says why, and what to do', () => {
  test('the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    expect(fail({ COMMONWEAL_PORT: String(port) })).toEqual([
      1,
      `commonweal: Port ${port} is in use by another program, perhaps by this system started before. Stop it, or choose another port: COMMONWEAL_PORT=${port + 1} npm start.`,
    ]);
    taken.close();
  });

  test('DATABASE_URL leads nowhere', () => {
    expect(fail({ COMMONWEAL_PORT: '0', DATABASE_URL: 'mysql://x' })).toEqual([
      1,
      'commonweal: DATABASE_URL is not the url of a PostgreSQL database. It looks like postgres://user:password@host:5432/database.',
    ]);
    expect(fail({ COMMONWEAL_PORT: '0', DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/d' })).toEqual([
      1,
      'commonweal: DATABASE_URL: Nothing listens at 127.0.0.1:1. Start the server, or mend host and port.',
    ]);
  });

  test('a variable is wrong, an option is unknown, the folder cannot be made', () => {
    expect(fail({ COMMONWEAL_PROT: '1' })[1]).toContain('COMMONWEAL_PROT is not a setting; did you mean COMMONWEAL_PORT?');
    expect(fail({ COMMONWEAL_HOUSEHOLDS: 'many' })[1]).toBe(
      'commonweal: COMMONWEAL_HOUSEHOLDS is "many". It must be a whole number from 1 to 99999999.',
    );
    expect(fail({}, ['--fast'])[1]).toContain("Unknown option '--fast'");
    expect(fail({}, ['--workers', 'many'])[1]).toContain('--workers takes a number from 1 to 64, and not "many".');
    expect(fail({}, ['--workers', '2', '--services'])[1]).toContain('--services and --workers do not go together');
    expect(fail({ COMMONWEAL_DATA: '/proc/nowhere' })[1]).toMatch(/^commonweal: The data folder \/proc\/nowhere cannot be written/);
  });

  test('the access log of a system that is not there cannot be verified', () => {
    const [code, said] = audit({ COMMONWEAL_DATA: path.join(folder, 'none') });
    expect([code, said]).toEqual([2, expect.stringMatching(/There is no local system in \S+none\.\n {2}Start it once with npm start/)]);
  });

  test('production has no laptop defaults', () => {
    const [code, said] = fail({ COMMONWEAL_ENV: 'production', COMMONWEAL_PORT: '0' });
    expect([code, said]).toEqual([1, expect.stringContaining('COMMONWEAL_OIDC_ISSUER must be set.')]);
  });
});

// Who started whom is read from /proc.
describe.runIf(process.platform === 'linux')('a system', () => {
  test('in one process answers, refuses a second one beside it, and leaves nothing behind when it is told to stop', {
    timeout: 120_000,
  }, async () => {
    const system = await start();
    expect(await programs(system.url)).toBe(1);
    // The record of that question is sealed within a second.
    await expect
      .poll(() => audit(), { timeout: 30_000 })
      .toEqual([0, expect.stringMatching(/^Found as they were sealed: batches 1, records 1\.\nLast batch/)]);
    const all = descendants(system.child.pid ?? 0);
    expect(all.length).toBeGreaterThan(0);
    expect(fail({ COMMONWEAL_PORT: '0' })[1]).toContain('PostgreSQL is already running on');
    system.child.kill('SIGINT');
    expect(await system.ended).toBe(0);
    expect(await left(all)).toEqual([]);
  });

  test('in several processes answers, and ends as a whole when one of them ends', { timeout: 120_000 }, async () => {
    const system = await start(['--services']);
    expect(await programs(system.url)).toBe(1);
    const all = descendants(system.child.pid ?? 0);
    const payments = all.find((pid) => commandOf(pid).includes('subgraphs/payments/src/main.ts')) ?? 0;
    process.kill(payments, 'SIGKILL');
    expect(await system.ended).toBe(1);
    expect(system.said()).toContain('The payments process ended by itself (SIGKILL)');
    expect(await left(all)).toEqual([]);
  });

  test('of several workers counts and measures as one, replaces a worker that ends, and leaves nothing behind', {
    timeout: 120_000,
  }, async () => {
    const system = await start(['--workers', '2'], { COMMONWEAL_RATE: '1', COMMONWEAL_RATE_BURST: '20' });
    const workers = () => descendants(system.child.pid ?? 0).filter((pid) => commandOf(pid).includes('up.worker.ts'));
    const first = workers();
    expect(first).toHaveLength(2);
    // Twenty at once, and one a second. Each connection goes to the next worker: were they to count apart, forty and more would pass.
    const asked = await Promise.all(Array.from({ length: 60 }, () => ask(system.url)));
    expect(asked.filter(({ status }) => status === 200).length).toBeLessThan(38);
    expect(asked.filter(({ status }) => status === 429).length).toBeGreaterThan(20);
    const figures = await (await fetch(`${system.url}/metrics`)).text();
    const answers = [...figures.matchAll(/^http_answer_seconds_count\{route="\/graphql",status="\d+"\} (\d+)$/gm)];
    expect(answers.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(60);

    process.kill(first[0] ?? 0, 'SIGKILL');
    while (workers().length < 2 || workers().includes(first[0] ?? 0)) await sleep(50);
    await sleep(1000);
    expect(await programs(system.url)).toBe(1);
    const all = descendants(system.child.pid ?? 0);
    system.child.kill('SIGINT');
    expect(await system.ended).toBe(0);
    expect(await left(all)).toEqual([]);
  });

  test('that is killed without warning takes its processes with it', { timeout: 120_000 }, async () => {
    const system = await start(['--services']);
    const all = descendants(system.child.pid ?? 0);
    system.child.kill('SIGKILL');
    await system.ended;
    expect(await left(all)).toEqual([]);
  });
});
