import { writeFileSync } from 'node:fs';
import { MigrationChanged } from '@commonweal/kit/db/migrate.ts';
import { createProgress } from '../progress.ts';
import { StartupProblem } from '../startup-problem.ts';
import { HELP, readSeedCommand, type SeedCommand } from './options.ts';
import { AlreadySeeded, type Seeded, seed } from './seed.ts';
import { showProgress, summaryOf } from './show.ts';
import { openTarget, readDeploymentSecret } from './target.ts';

/** Seeds as the command asks. What was started is in `running`. */
async function run(command: SeedCommand, running: (() => Promise<void>)[]): Promise<Seeded> {
  const { scripts } = command;
  const secret = await readDeploymentSecret(command.secretFile, scripts);
  const urls = await openTarget(scripts, createProgress(process.stderr), running);
  const bar = showProgress(process.stderr);
  try {
    return await seed({ ...command, urls, secret, onProgress: bar.show });
  } finally {
    bar.end();
  }
}

/** Whom the demo of this data folder speaks of from now on. */
function noteDemo(file: string, { examples: { uin, ...rest } }: Seeded): void {
  writeFileSync(file, JSON.stringify({ ...rest, nationalId: uin }, null, 2));
}

function explain(error: unknown): string {
  if (error instanceof StartupProblem) return `seed: ${error.message}\n      ${error.remedy}`;
  if (error instanceof AlreadySeeded || error instanceof MigrationChanged || error instanceof RangeError) return `seed: ${error.message}`;
  return `seed: it failed: ${(error as Error).stack ?? String(error)}\n      What was loaded is cleared away by the next seed or start.`;
}

async function main(): Promise<number> {
  const running: (() => Promise<void>)[] = [];
  const stopAll = async () => {
    for (let stop = running.pop(); stop; stop = running.pop()) await stop();
  };
  let isBrokenOff = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      isBrokenOff = true;
      process.stderr.write('\nseed: broken off. What was loaded is cleared away by the next seed or start.\n');
      void stopAll().finally(() => process.exit(130));
    });
  }
  try {
    const command = readSeedCommand(process.argv.slice(2), process.env);
    if (command === null) {
      process.stdout.write(HELP);
      return 0;
    }
    const made = await run(command, running);
    if (command.scripts.databaseUrl === null) noteDemo(command.scripts.data.demo, made);
    process.stdout.write(`${summaryOf(made)}\n`);
    return 0;
  } catch (error) {
    // What fails while everything is being stopped fails because of it.
    if (!isBrokenOff) process.stderr.write(`${explain(error)}\n`);
    return 1;
  } finally {
    await stopAll();
  }
}

process.exitCode = await main();
