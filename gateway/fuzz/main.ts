/** `npm run fuzz -- --help`: compares our engine with Apollo's gateway on cases that are made up. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case } from './case.ts';
import { type Options, readOptions } from './options.ts';
import { describeOutcome } from './report.ts';
import { runCase, runSupergraph } from './run.ts';
import { shrink } from './shrink.ts';
import { emptyTally, merge, summary, type Tally, total } from './tally.ts';

/** What a process that runs cases says when it is through with a supergraph. */
interface Told {
  readonly tally: Tally;
  /** By class, the text of a case. */
  readonly failures: readonly { readonly name: string; readonly text: string; readonly item: Case }[];
}

/** What it is told: which supergraph is next, and which classes have been shown already. */
interface Order {
  readonly index: number;
  readonly known: readonly string[];
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const commandFor = (seed: string, number: number) => `npm run fuzz -- --seed ${seed} --case ${number}`;

if (process.send) work();
else {
  const options = readOptions(process.argv.slice(2));
  if ('text' in options) {
    (options.code === 0 ? process.stdout : process.stderr).write(options.text);
    process.exit(options.code);
  }
  process.exit(options.only === undefined ? await runAll(options) : await runOne(options, options.only));
}

async function runOne(options: Options, number: number): Promise<number> {
  const outcome = await runCase(options.seed, number);
  if (!outcome) {
    say(`There is no case ${number} of the seed ${options.seed}: its operation was thrown away, or its first case ended it.`);
    return 2;
  }
  const isSame = outcome.verdict.kind === 'same';
  const small = isSame || options.shrink === 0 ? outcome : await shrink(outcome, options.shrink * 1_000);
  say(describeOutcome(small, commandFor(options.seed, number)));
  return outcome.verdict.kind === 'different' ? 1 : 0;
}

/** Gives supergraphs to processes until there are cases enough. */
async function runAll(options: Options): Promise<number> {
  const tally = emptyTally();
  const shown = new Set<string>();
  const start = performance.now();
  let next = 0;
  let lastSaid = start;
  if (options.out) mkdirSync(options.out, { recursive: true });
  const hear = ({ tally: more, failures }: Told) => {
    merge(tally, more);
    for (const { name, text, item } of failures) {
      if (shown.has(name)) continue;
      shown.add(name);
      say(`\n${text}\n`);
      if (!options.out) continue;
      const file = path.join(options.out, name.replaceAll(/\W+/g, '-').slice(0, 80));
      writeFileSync(`${file}.md`, text);
      writeFileSync(`${file}.json`, JSON.stringify(item, null, 2));
    }
    const now = performance.now();
    if (now - lastSaid < 5_000) return;
    lastSaid = now;
    const rate = tally.cases / ((now - start) / 1_000);
    const left = Math.max(0, Math.round((options.cases - tally.cases) / rate));
    say(
      `${tally.cases} of ${options.cases} cases, ${rate.toFixed(1)} a second, ${Math.ceil(left / 60)} min left, ${total(tally, 'different')} differences`,
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      say(summary(tally));
      process.exit(total(tally, 'different') > 0 ? 1 : 0);
    });
  }
  const serve = (child: ChildProcess) =>
    new Promise<void>((resolve, reject) => {
      const order = () => child.send({ index: next++, known: [...shown] } satisfies Order);
      child.on('message', (told: Told) => {
        hear(told);
        if (tally.cases < options.cases) order();
        else child.disconnect();
      });
      child.on('exit', (code) =>
        code === 0 || tally.cases >= options.cases ? resolve() : reject(new Error(`a process ended with ${code}`)),
      );
      order();
    });
  const workers = Array.from({ length: options.workers }, () =>
    fork(fileURLToPath(import.meta.url), [options.seed, String(options.shrink)], { stdio: 'inherit' }),
  );
  await Promise.all(workers.map(serve));
  say(summary(tally));
  return total(tally, 'different') > 0 ? 1 : 0;
}

function work(): void {
  const [, , seed = '1', seconds = '0'] = process.argv;
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ index, known }: Order) => {
    void handle(seed, Number(seconds), index, new Set(known)).then((told) => process.send?.(told));
  });
}

async function handle(seed: string, seconds: number, index: number, known: ReadonlySet<string>): Promise<Told> {
  const { tally, failures } = await runSupergraph(seed, index);
  const told: { name: string; text: string; item: Case }[] = [];
  for (const [name, { number, outcome }] of failures) {
    if (known.has(name)) continue;
    const small = seconds > 0 ? await shrink(outcome, seconds * 1_000) : outcome;
    told.push({ name, text: describeOutcome(small, commandFor(seed, number)), item: small.case });
  }
  return { tally, failures: told };
}
