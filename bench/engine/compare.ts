/** The engine against other gateways, each a process of its own on one core. `--help` lists the options. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compareAlone } from './alone.report.ts';
import { CASES, type Target } from './cases.ts';
import { kinds } from './gateways.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { ensurePeers } from './peers.ts';
import { canPin, GATEWAY_CORE, OTHER_CORE } from './processes.ts';
import { PRODUCT_CASES } from './product/stage.ts';
import { profile, profileOf } from './profiling.ts';
import { compareInRounds, loadAverage } from './rounds.ts';
import { onStage, type Scene, type Work } from './stage.ts';

function machine(): void {
  const time = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const cores = `${os.cpus().length} cores (${os.cpus()[0]?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  console.log(`${time}; ${cores}; Node ${process.versions.node}; load average ${loadAverage()}`);
  console.log(
    canPin
      ? `Each gateway runs on core ${GATEWAY_CORE}, load generator and subgraphs on core ${OTHER_CORE}.`
      : 'There is no taskset here: gateways use all cores, so only CPU milliseconds can be compared.',
  );
  for (const { name, about } of Object.values(kinds())) console.log(`  ${name.padEnd(26)} ${about}`);
  console.log(
    'Medians of the rounds. Ratios are of requests/s round by round; in parentheses of the least CPU milliseconds a request of all rounds, since other work on the machine only adds to them.',
  );
}

/** All that can be asked: a title, what is aimed at, and the stage for it. */
function questions({ connections }: Options) {
  const others = CASES.map((one) => ({
    name: one.name,
    title: `${one.name}: ${one.title}`,
    targets: one.targets as readonly Target[],
    on: (scene: Scene, work: Work) => onStage({ ...one, connections: connections ?? one.connections }, scene, work),
  }));
  return [...others, ...PRODUCT_CASES.map((one) => ({ ...one, title: `${one.name}: ${one.title}` }))];
}

async function main(options: Options): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-engine-'));
  ensurePeers();
  machine();
  try {
    if (options.cases.includes('alone') && !options.profile) await compareAlone(options);
    for (const { name, title, targets, on } of questions(options)) {
      if (!options.cases.includes(name)) continue;
      if (options.profile) {
        const file = profileOf(options.profile, name);
        await on({ folder, only: [options.profile], profile: file }, (stage, measured) => profile(stage, measured, file, options));
      } else
        await on({ folder, only: options.only, profile: null }, (stage, measured) =>
          compareInRounds(title, targets, stage, measured, options),
        );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const options = readOptions(process.argv.slice(2));
if (options === null) process.stdout.write(HELP);
else await main(options);
