/**
 * `npm run bench -- workers [--seconds 5] [--rounds 3] [--most 2] [--share 0.25]`: `npm start -- --workers N` against `--workers 1`, the whole product with its
 * PostgreSQL. Everything runs on this machine, where PostgreSQL and the load generator want cores too. So that workers are compared and not cores, each worker gets
 * only a share of one, which leaves the rest of the machine to the others: `--share 1` takes the limit away.
 */
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startChild } from '../questions/child.ts';
import type { Load, LoadResult } from '../questions/load.ts';
import { short, table } from '../questions/print.ts';
import { limitEach } from './quota.ts';
import { cpuMs, start } from './started.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DATA = path.join(os.tmpdir(), 'commonweal-bench-workers');
const CONNECTIONS = 16;
const QUESTION = '{ persons(first: 20) { nodes { id name { full } household { size } } } }';

const USAGE = `Usage: npm run bench -- workers [--seconds 5] [--rounds 3] [--most 2] [--share 0.25]

Compares npm start -- --workers N with --workers 1, the whole product with its PostgreSQL.

  --seconds  how long a round measures each
  --rounds   rounds in which each runs once
  --most     workers that are compared with one
  --share    part of a core that each worker gets; 1 takes the limit away
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    most: { type: 'string', default: '2' },
    share: { type: 'string', default: '0.25' },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit();
}
const [seconds, rounds, most, share] = [values.seconds, values.rounds, values.most, values.share].map(Number) as [
  number,
  number,
  number,
  number,
];
const environment = {
  // biome-ignore lint/style/noProcessEnv: the system that is measured finds its programs as this one does
  ...process.env,
  COMMONWEAL_DATA: DATA,
  COMMONWEAL_HOUSEHOLDS: '500',
  COMMONWEAL_RATE: '100000',
  COMMONWEAL_LOG_LEVEL: 'warn',
};
let isLimited = share < 1;

interface Measured extends LoadResult {
  readonly cpuPerAnswer: number;
  /** Cores that were free while the load ran. */
  readonly idle: number;
}

async function measure(workers: number): Promise<Measured> {
  const { url, child, answering } = await start(ROOT, environment, workers);
  const generator = startChild<Load, LoadResult>('load.ts');
  const quota = isLimited ? limitEach(answering, share) : null;
  if (quota === null) isLimited = false;
  try {
    const token = spawnSync(process.execPath, ['scripts/token.ts', 'case-worker'], {
      cwd: ROOT,
      env: environment,
      encoding: 'utf8',
    }).stdout.trim();
    const load = { url, requests: [{ body: JSON.stringify({ query: QUESTION }), token }], connections: CONNECTIONS };
    await generator.ask({ ...load, warmup: 0, seconds });
    const [before, idleBefore, begun] = [cpuMs(answering), idleMs(), performance.now()];
    const result = await generator.ask({ ...load, warmup: 0, seconds });
    if (result.fault) throw new Error(result.fault);
    const idle = (idleMs() - idleBefore) / (performance.now() - begun);
    return { ...result, cpuPerAnswer: (cpuMs(answering) - before) / result.all, idle };
  } finally {
    await generator.stop();
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('exit', resolve));
    quota?.lift();
  }
}

const idleMs = () => os.cpus().reduce((sum, { times }) => sum + times.idle, 0);
const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
const ratios: number[] = [];
const rows: string[][] = [];
for (let round = 0; round < rounds; round++) {
  const results = new Map<number, Measured>();
  // One first, then the other first: what warms up or wears off does not favor one of them.
  for (const workers of round % 2 === 0 ? [1, most] : [most, 1]) {
    const result = await measure(workers);
    results.set(workers, result);
    rows.push([`${workers}`, ...[result.perSecond, result.p50, result.p99, result.cpuPerAnswer, result.idle].map(short)]);
  }
  ratios.push((results.get(most)?.perSecond ?? 0) / (results.get(1)?.perSecond ?? 1));
}
console.log(`\n${os.availableParallelism()} cores, load average ${short(os.loadavg()[0] ?? 0)}; ${CONNECTIONS} connections, ${QUESTION}`);
console.log(
  isLimited
    ? `Each worker has ${share} of a core.\n`
    : 'The workers are not limited: they, PostgreSQL and the load generator share the cores.\n',
);
console.log(table(['workers', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms of the workers an answer', 'cores free'], rows));
console.log(`\n${most} workers / 1, requests per second: ${ratios.map(short).join(' ')}, median ${short(median(ratios))}`);
