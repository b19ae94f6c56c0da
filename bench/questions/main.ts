/** The reference questions, at several sizes of the registries, against their peers. `--help` lists the options. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { type Country, openCountry } from './country.ts';
import { type Asked, drawRequests, QUESTIONS, type Question, registeredVerifications } from './keys.ts';
import { type Bench, type Contender, type Entrant, inTurns, median, type Run, ratios, startBench, startContender } from './measure.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { heading, short, table } from './print.ts';
import type { Mode } from './serve.ts';
import { footprints } from './statements.ts';

const CONNECTIONS = [1, 16] as const;
const BUSY = 16;
const REGISTERED = 'VerifyBeneficiary, registered';
type Requests = Record<Question, Asked[]>;

const load = () =>
  os
    .loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
const listed = (numbers: readonly number[]) => numbers.map((one) => one.toFixed(2)).join(' ');

/** 2. Latency and throughput. `REGISTERED` is the way that a clinic asks; the others are sent as texts. */
async function alone(
  bench: Bench,
  product: Contender,
  requests: Requests,
  registered: readonly Asked[],
  { lengths }: Options,
): Promise<void> {
  const rows: string[][] = [];
  const lists = { [REGISTERED]: registered, ...requests } as Record<string, readonly Asked[]>;
  for (const [name, list] of Object.entries(lists)) {
    for (const connections of CONNECTIONS) {
      const [runs = []] = await inTurns(bench, [{ contender: product, requests: list }], connections, { ...lengths, rounds: 3 });
      const of = (pick: (run: Run) => number) => short(median(runs.map(pick)));
      rows.push([
        name,
        String(connections),
        of((r) => r.perSecond),
        of((r) => r.p50),
        of((r) => r.p99),
        of((r) => r.cpuMs),
        of((r) => r.bytes),
      ]);
    }
  }
  heading('Latency and throughput of the product (median of three runs)');
  console.log(table(['question', 'connections', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms a request', 'bytes'], rows));
}

/** Seconds until all connections of the open loop are made. */
const SETTLED = 2;

/** 3. What people wait who come by the clock: latency from the moment at which a request was to be sent. */
async function byClock(bench: Bench, product: Contender, registered: readonly Asked[], { lengths, rate }: Options): Promise<void> {
  const runs: Run[] = [];
  for (let round = 0; round < 3; round++)
    runs.push(
      await bench.run(product, registered, { perSecond: rate }, { ...lengths, warmup: SETTLED, seconds: Math.max(5, lengths.seconds) }),
    );
  heading(
    `${REGISTERED} at ${rate} requests a second, sent by the clock (three runs; latency from the planned moment; the aim is a p99 below 20 ms)`,
  );
  const rows = runs.map((r) => [short(r.perSecond), short(r.p50), short(r.p99), short(r.late), short(r.cpuMs)]);
  console.log(table(['answers/s', 'p50 ms', 'p99 ms', "p99 of the generator's own delay, ms", 'CPU ms a request'], rows));
}

/** 1. Statements and fetches of one request. */
async function footprint(country: Country, requests: Requests): Promise<void> {
  const found = await footprints(country, requests);
  heading('One request: fetches, SQL statements (audit record included), and what they take PostgreSQL');
  console.log(
    table(
      ['question', 'fetches', 'statements', 'with begin, settings, commit', 'planning ms', 'running ms'],
      QUESTIONS.map((question) => {
        const { fetches, statements, around, planMs, runMs } = found[question];
        const names = Object.entries(fetches).map(([name, n]) => `${name} ${n}`);
        return [question, names.join(', '), String(statements), String(statements + around), short(planMs), short(runMs)];
      }),
    ),
  );
  for (const question of QUESTIONS) {
    console.log(`\n${question}: the statements that take most (planning + running ms)`);
    for (const one of found[question].longest.slice(0, 4))
      console.log(`  ${short(one.planMs)} + ${short(one.runMs)}  ${one.text.slice(0, 150)}`);
  }
}

/** Compares entrants in turns; each ratio is of requests per second. */
async function compare(
  bench: Bench,
  entrants: Readonly<Record<string, Entrant>>,
  pairs: readonly (readonly [string, string])[],
  connections: number,
  options: Options,
): Promise<string[][]> {
  const names = [...new Set(pairs.flat())];
  const runs = await inTurns(
    bench,
    names.map((name) => entrants[name]!),
    connections,
    options.lengths,
  );
  const of = (name: string) => runs[names.indexOf(name)]!;
  return pairs.map(([a, b]) => {
    const each = ratios(of(a), of(b));
    const cpu = median(of(b).map((run, n) => run.cpuMs / of(a)[n]!.cpuMs));
    const speed = (name: string) => short(median(of(name).map((run) => run.perSecond)));
    return [`${a} / ${b}`, String(connections), speed(a), speed(b), listed(each), median(each).toFixed(2), cpu.toFixed(2)];
  });
}

const HEAD = ['connections', 'requests/s', 'of the other', 'ratio of each pair', 'median', 'by CPU of Node'];

/** 5. The verification by hand. */
async function byHand(
  bench: Bench,
  contenders: Record<string, Contender>,
  requests: Requests,
  registered: readonly Asked[],
  options: Options,
): Promise<void> {
  const texts = requests.VerifyBeneficiary;
  const entrants: Record<string, Entrant> = {
    registered: { contender: contenders.product!, requests: registered },
    text: { contender: contenders.product!, requests: texts },
    handwritten: { contender: contenders.handwritten!, requests: texts },
    'handwritten with attempt': { contender: contenders['handwritten with attempt']!, requests: texts },
  };
  const pairs = ['registered', 'text'].flatMap((ours) => ['handwritten', 'handwritten with attempt'].map((peer) => [ours, peer] as const));
  const rows: string[][] = [];
  for (const connections of CONNECTIONS) rows.push(...(await compare(bench, entrants, pairs, connections, options)));
  heading(
    'VerifyBeneficiary, as a registered operation and as a text, against a handler written by hand: one process, one joined statement, no access control, no audit',
  );
  console.log(table(['product / peer', ...HEAD], rows));
}

/** 6. What access control and the audit record cost. */
async function accessAndAudit(bench: Bench, contenders: Record<string, Contender>, requests: Requests, options: Options): Promise<void> {
  const pairs = [
    ['product', 'without audit'],
    ['without audit', 'allow-all'],
    ['product', 'allow-all'],
  ] as const;
  const rows: string[][] = [];
  for (const question of QUESTIONS) {
    const entrants = Object.fromEntries(
      [...new Set(pairs.flat())].map((mode) => [mode, { contender: contenders[mode]!, requests: requests[question] }]),
    );
    const found = await compare(bench, entrants, pairs, BUSY, options);
    rows.push(...found.map(([name, ...rest]) => [`${question}: ${name}`, ...rest]));
  }
  heading('Access layer and audit: the product, the same without audit records, the same without the access layer either');
  console.log(table(['on / off', ...HEAD], rows));
}

/** 4. Where the time goes. */
async function profiles(bench: Bench, product: Contender, requests: Requests, options: Options): Promise<void> {
  for (const question of QUESTIONS) {
    const { functions, packages, idle } = await bench.profile(product, requests[question], BUSY, { ...options.lengths, seconds: 8 });
    heading(`${question}: CPU profile of the product's process (self time; ${Math.round(idle * 100)} % idle)`);
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    const rows = functions.map((one, n) => [
      one.name,
      percent(one.share),
      packages[n] ? `${packages[n].name} ${percent(packages[n].share)}` : '',
    ]);
    console.log(table(['function', 'self', 'by package'], rows));
  }
}

async function measure(options: Options, households: number): Promise<void> {
  const country = await openCountry(options.data, households);
  const started: Contender[] = [];
  try {
    const made = country.isNew ? 'made' : 'made by an earlier run';
    console.log(
      `\n${'='.repeat(100)}\n${country.persons.toLocaleString('en-US')} persons in ${households.toLocaleString('en-US')} households, ${country.rows.toLocaleString('en-US')} rows, ${Math.round(country.databaseBytes / 2 ** 20).toLocaleString('en-US')} MiB; ${made} in ${Math.round(country.seconds)} s. Load average ${load()}`,
    );
    const requests = await drawRequests(country);
    const registered = await registeredVerifications(country, requests);
    console.log(`Different keys: ${QUESTIONS.map((question) => `${question} ${requests[question].length}`).join(', ')}`);
    await footprint(country, requests);
    const bench = startBench();
    const contenders: Record<string, Contender> = {};
    /** Starts what is compared next, and asks it until it is compiled. Not before: all of them do something in the background, every second. */
    const start = async (...modes: Mode[]) => {
      for (const mode of modes) {
        const one = await startContender(country, mode);
        started.push(one);
        contenders[mode] = one;
        for (const question of mode.startsWith('handwritten') ? (['VerifyBeneficiary'] as const) : QUESTIONS)
          await bench.run(one, requests[question], BUSY, { warmup: 0, seconds: options.lengths.seconds, rounds: 1 });
      }
      return started.at(-1)!;
    };
    try {
      const product = await start('product');
      await bench.run(product, registered, BUSY, { warmup: 0, seconds: options.lengths.seconds, rounds: 1 });
      await alone(bench, product, requests, registered, options);
      await byClock(bench, product, registered, options);
      if (households === options.profiled) await profiles(bench, product, requests, options);
      await start('handwritten', 'handwritten with attempt');
      await byHand(bench, contenders, requests, registered, options);
      await start('without audit', 'allow-all');
      await accessAndAudit(bench, contenders, requests, options);
    } finally {
      await bench.stop();
    }
    console.log(`\nLoad average ${load()}`);
  } finally {
    await Promise.all(started.map((one) => one.process.stop()));
    await country.stop();
  }
}

function machine(): void {
  const version = (file: string) => (JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { version: string }).version;
  console.log(
    `${new Date().toISOString().slice(0, 10)}; ${os.cpus().length} cores (${os.cpus()[0]?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB; Node ${process.versions.node}, PostgreSQL 18, graphql ${version('../../node_modules/graphql/package.json')}`,
  );
  console.log(
    'PostgreSQL waits for no disk (fsync off), with its default memory settings. Product, load generator and PostgreSQL share the machine.',
  );
}

const options = readOptions(process.argv.slice(2));
if (options === null) process.stdout.write(HELP);
else {
  machine();
  for (const households of options.households) await measure(options, households);
}
