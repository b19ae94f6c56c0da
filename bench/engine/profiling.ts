import { readFileSync } from 'node:fs';
import path from 'node:path';
import { hotOf } from '../profile.ts';
import { heading, short } from '../questions/print.ts';
import { type Measured, run, type Stage } from './measure.ts';
import type { Options } from './options.ts';

/** Where the profile of a gateway under a question is written: the folder that the command was started in. */
export const profileOf = (name: string, question: string): string => path.resolve(`${name.replaceAll(/\W+/g, '-')}-${question}.cpuprofile`);

const WRITING_MS = 2000;
const FUNCTIONS = 30;
const PACKAGES = 15;

/** Profiles one gateway under load and prints where it spends its time. */
export async function profile(stage: Stage, [contender]: readonly Measured[], file: string, { seconds, warmup }: Options): Promise<void> {
  if (!contender) throw new RangeError('There is no gateway of that name here.');
  await run(stage, contender, warmup, null, true);
  const { pid } = contender.running.process;
  process.kill(pid, 'SIGUSR2');
  const { perSecond, cpuMs } = await run(stage, contender, seconds, null, true);
  process.kill(pid, 'SIGUSR2');
  await new Promise((resolve) => setTimeout(resolve, WRITING_MS));
  const { functions, packages, idle } = hotOf(JSON.parse(readFileSync(file, 'utf8')));
  heading(
    `${contender.name}: ${short(perSecond)} requests/s, ${short(cpuMs)} CPU ms a request while profiled, ${Math.round(idle * 100)} % idle; ${file}`,
  );
  const lines = [...functions.slice(0, FUNCTIONS), { name: '', share: Number.NaN }, ...packages.slice(0, PACKAGES)];
  for (const { name, share } of lines) console.log(name && `${(share * 100).toFixed(1).padStart(6)} %  ${name}`);
}
