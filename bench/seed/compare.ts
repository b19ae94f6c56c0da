/**
 * What making a country costs beside loading it: the seed of N households, and a bare COPY of exactly the same bytes, taken from files made before,
 * into the same tables with the same indexes dropped and made again. On a scratch PostgreSQL, in one run, in turns.
 *
 *   npm run bench -- seed [--households 20000] [--rounds 2]
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readPidFile } from '../../scripts/postgres.folder.ts';
import { startPostgres } from '../../scripts/postgres.ts';
import { seed } from '../../scripts/seed/seed.ts';
import { bareLoad, type Prepared, prepare } from './bare.ts';
import { type Cost, measured } from './cost.ts';
import { scratchDatabase } from './scratch.ts';

const HELP = `Usage: npm run bench -- seed [--households N] [--rounds N]

Loads a made-up country, and the same bytes by a bare COPY, in turns.

  --households N  how many households [20000]
  --rounds N      how often each is done [2]
`;
const { values } = parseArgs({
  options: {
    households: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const country = { households: Number(values.households), seed: 1, asOf: '2025-06-30', secret: Buffer.alloc(32, 7), dropIndexes: true };

const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-bench-'));
chmodSync(folder, 0o711);
const dataDir = path.join(folder, 'data');
const server = await startPostgres({ dataDir, port: 0, mode: 'test' });
const postmaster = readPidFile(dataDir)?.pid ?? 0;

interface Round {
  readonly name: string;
  readonly rows: Cost;
  readonly all: Cost;
}

/** The seed: `rows` ends with the last commit, `all` with indexes and statistics. */
async function ours(): Promise<Round> {
  const database = await scratchDatabase(server.url);
  let rows: Cost | undefined;
  const measure = measured(postmaster);
  await seed({
    ...country,
    urls: database.urls,
    onProgress: ({ phase }) => {
      if (phase === 'indexes') rows ??= measure.sofar();
    },
  });
  const all = measure.end();
  await database.drop();
  return { name: 'seed', rows: rows ?? all, all };
}

/** The same bytes from files. */
async function bare(prepared: Prepared): Promise<Round> {
  const database = await scratchDatabase(server.url);
  let rows: Cost | undefined;
  const measure = measured(postmaster);
  await bareLoad(database.urls, country, prepared, () => {
    rows = measure.sofar();
  });
  const all = measure.end();
  await database.drop();
  return { name: 'bare COPY', rows: rows ?? all, all };
}

function print({ rows, bytes }: Prepared, rounds: readonly Round[]): void {
  const show = (name: string, part: string, cost: Cost) =>
    console.log(
      `${name.padEnd(10)} ${part.padEnd(20)} ${cost.seconds.toFixed(2).padStart(8)} s  ${Math.round(rows / cost.seconds)
        .toLocaleString('en-US')
        .padStart(
          9,
        )} rows/s ${(bytes / 1e6 / cost.seconds).toFixed(1).padStart(6)} MB/s   CPU: node ${cost.nodeCpu.toFixed(2)} s, PostgreSQL ${cost.postgresCpu.toFixed(2)} s   peak ${Math.round(cost.peak / 2 ** 20)} MiB`,
    );
  for (const { name, rows: streamed, all } of rounds) {
    show(name, 'rows', streamed);
    show(name, 'with indexes', all);
  }
  const best = (name: string, part: 'rows' | 'all', of: (cost: Cost) => number) =>
    Math.min(...rounds.filter((round) => round.name === name).map((round) => of(round[part])));
  for (const part of ['rows', 'all'] as const) {
    const ratio = (of: (cost: Cost) => number) => (best('seed', part, of) / best('bare COPY', part, of)).toFixed(2);
    console.log(
      `ratio ${part === 'rows' ? 'rows' : 'with indexes'}: ${ratio((cost) => cost.seconds)} by the clock, ${ratio((cost) => cost.nodeCpu + cost.postgresCpu)} by CPU time (best of each)`,
    );
  }
}

try {
  const first = await scratchDatabase(server.url);
  const prepared = await prepare(first.urls, country, folder);
  await first.drop();
  console.log(
    `${country.households} households, ${prepared.persons} persons, ${prepared.rows} rows, ${Math.round(prepared.bytes / 1e6)} MB; load average ${os.loadavg()[0]?.toFixed(1)} on ${os.cpus().length} cores`,
  );
  const rounds: Round[] = [];
  for (let round = 0; round < Number(values.rounds); round++) rounds.push(await bare(prepared), await ours());
  print(prepared, rounds);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
