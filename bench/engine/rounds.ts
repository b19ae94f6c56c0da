import os from 'node:os';
import { heading, short } from '../questions/print.ts';
import type { Target } from './cases.ts';
import type { Load, LoadResult } from './load.ts';
import { checkEqual, type Measured, run, type Stage } from './measure.ts';
import type { Options } from './options.ts';
import { GATEWAY_CORE, startPinned } from './processes.ts';
import { judge, tableOf } from './report.ts';

/** Load average of the machine, as text. */
export const loadAverage = (): string =>
  os
    .loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');

/** Checks that all answer alike, warms them up, runs them in turns and prints what was found. */
export async function compareInRounds(
  title: string,
  targets: readonly Target[],
  stage: Stage,
  measured: readonly Measured[],
  options: Options,
): Promise<void> {
  const { seconds, warmup, rounds, check } = options;
  heading(`${title}; ${stage.connections} connections`);
  const answers = await checkEqual(stage, measured);
  const { bytes, text } = answers.get(measured[0]!.name)!;
  console.log(
    `All answer the same data (${bytes?.toLocaleString('en-US') ?? Buffer.byteLength(text)} bytes). Load average ${loadAverage()}.`,
  );
  console.log(`${await limitOf(stage, measured[0]!.bodies, text, Math.min(seconds, 3))}\n`);
  const runs = (each: Measured, length: number, isWarmup: boolean) => run(stage, each, length, answers.get(each.name)!.bytes, isWarmup);
  for (const each of measured) await runs(each, warmup, true);
  for (let round = 0; round < rounds; round++) {
    for (const each of round % 2 ? measured.toReversed() : measured) each.runs.push(await runs(each, seconds, false));
  }
  console.log(tableOf(measured));
  const resets = measured.filter((each) => each.runs.some((one) => one.resets > 0)).map(({ name }) => name);
  if (resets.length > 0)
    console.log(`  Closed connections over which a request had been sent, which was sent again: ${resets.join(', ')}.`);
  for (const { text: line, isBelowFloor } of judge(targets, measured)) {
    console.log(`  ${line}`);
    if (isBelowFloor && check) process.exitCode = 1;
  }
  console.log(`Load average ${loadAverage()}.`);
}

/** The most that the load generator reaches here: the bytes of an answer, prebuilt. */
async function limitOf(stage: Stage, bodies: readonly string[], answer: string, seconds: number): Promise<string> {
  const server = startPinned(GATEWAY_CORE, 'limit.ts');
  try {
    const { url } = await server.ask<{ url: string }>({ answer });
    const load: Load = { url, bodies, isDistinct: true, connections: stage.connections, seconds, bytes: Buffer.byteLength(answer) };
    await stage.load.ask<LoadResult>(load);
    const { perSecond, ownShare } = await stage.load.ask<LoadResult>(load);
    return `Limit of the load generator, against the prebuilt answer on node:http: ${short(perSecond)} requests/s, for which it takes ${Math.round(ownShare * 100)} % of its core.`;
  } finally {
    await server.stop();
  }
}
