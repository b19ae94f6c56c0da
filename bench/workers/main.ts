/**
 * `npm run bench -- workers [--seconds 5] [--rounds 3] [--most 2]`: `npm start -- --workers N` against `--workers 1`, the whole product with its PostgreSQL.
 * Everything runs on this machine: on two cores a second worker takes its core from PostgreSQL and the load generator, so the CPU that the workers need for an
 * answer says more than the answers per second.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startChild } from '../questions/child.ts';
import type { Load, LoadResult } from '../questions/load.ts';
import { short, table } from '../questions/print.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DATA = path.join(os.tmpdir(), 'commonweal-bench-workers');
const CONNECTIONS = 16;
const TICKS_A_SECOND = 100;
const QUESTION = '{ persons(first: 20) { nodes { id name { full } household { size } } } }';
const STARTUP_MS = 300_000;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '5' }, rounds: { type: 'string', default: '3' }, most: { type: 'string', default: '2' } },
});
const [seconds, rounds, most] = [Number(values.seconds), Number(values.rounds), Number(values.most)];
const environment = {
  // biome-ignore lint/style/noProcessEnv: the system that is measured finds its programs as this one does
  ...process.env,
  COMMONWEAL_DATA: DATA,
  COMMONWEAL_HOUSEHOLDS: '500',
  COMMONWEAL_RATE: '100000',
  COMMONWEAL_LOG_LEVEL: 'warn',
};

/** A system that runs, and the processes of it that answer. */
interface Started {
  readonly url: string;
  readonly child: ChildProcess;
  readonly answering: readonly number[];
}

async function start(workers: number): Promise<Started> {
  const child = spawn(process.execPath, ['scripts/up.ts', '--workers', String(workers)], {
    cwd: ROOT,
    env: { ...environment, COMMONWEAL_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
  const giveUpAt = Date.now() + STARTUP_MS;
  while (!/Commonweal runs/.test(said)) {
    if (child.exitCode !== null || Date.now() > giveUpAt) throw new Error(`the system did not start:\n${said}`);
    await sleep(50);
  }
  const pid = child.pid ?? 0;
  const own = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && commandOf(name).includes('up.worker.ts') && parentOf(name) === pid,
  );
  return { url: /(http:\S+)\/graphql/.exec(said)?.[1] ?? '', child, answering: own.length > 0 ? own.map(Number) : [pid] };
}

const read = (pid: string | number, file: string) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};
const commandOf = (pid: string) => read(pid, 'cmdline');
// After the name of the program, which stands in brackets and may hold anything.
const statOf = (pid: string | number) => read(pid, 'stat').replace(/^.*\)/, '').trim().split(' ');
const parentOf = (pid: string) => Number(statOf(pid)[1]);
const cpuMs = (pids: readonly number[]) =>
  pids.reduce((sum, pid) => sum + ((Number(statOf(pid)[11]) + Number(statOf(pid)[12])) * 1000) / TICKS_A_SECOND, 0);

async function measure(workers: number): Promise<LoadResult & { cpuPerAnswer: number }> {
  const { url, child, answering } = await start(workers);
  const generator = startChild<Load, LoadResult>('load.ts');
  try {
    const token = spawnSync(process.execPath, ['scripts/token.ts', 'case-worker'], {
      cwd: ROOT,
      env: environment,
      encoding: 'utf8',
    }).stdout.trim();
    const load = { url, requests: [{ body: JSON.stringify({ query: QUESTION }), token }], connections: CONNECTIONS };
    await generator.ask({ ...load, warmup: 0, seconds });
    const before = cpuMs(answering);
    const result = await generator.ask({ ...load, warmup: 0, seconds });
    if (result.fault) throw new Error(result.fault);
    return { ...result, cpuPerAnswer: (cpuMs(answering) - before) / result.all };
  } finally {
    await generator.stop();
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
const ratios: number[] = [];
const rows: string[][] = [];
for (let round = 0; round < rounds; round++) {
  const results = new Map<number, Awaited<ReturnType<typeof measure>>>();
  // One first, then the other first: what warms up or wears off does not favor one of them.
  for (const workers of round % 2 === 0 ? [1, most] : [most, 1]) {
    const result = await measure(workers);
    results.set(workers, result);
    rows.push([`${workers}`, short(result.perSecond), short(result.p50), short(result.p99), short(result.cpuPerAnswer)]);
  }
  ratios.push((results.get(most)?.perSecond ?? 0) / (results.get(1)?.perSecond ?? 1));
}
console.log(`\n${os.availableParallelism()} cores, load average ${short(os.loadavg()[0] ?? 0)}; ${CONNECTIONS} connections, ${QUESTION}\n`);
console.log(table(['workers', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms of the workers an answer'], rows));
console.log(`\n${most} workers / 1, requests per second: ${ratios.map(short).join(' ')}, median ${short(median(ratios))}`);
