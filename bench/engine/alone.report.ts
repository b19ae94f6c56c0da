import { heading, short, table } from '../questions/print.ts';
import type { AloneQuestion, AloneReply } from './alone.ts';
import { GRAPHS } from './graphs/all.ts';
import { median } from './measure.ts';
import type { Options } from './options.ts';
import { GATEWAY_CORE, startPinned } from './processes.ts';
import { loadAverage } from './rounds.ts';

/** Title of the comparison without a network. */
export const ALONE_TITLE = 'alone: planning remembered, merging and shaping in one process, without any network';

/** Runs engine and stock executor in turns in one process and prints their CPU microseconds: the comparison that a busy machine disturbs least. */
export async function compareAlone({ rounds, seconds }: Options): Promise<void> {
  heading(ALONE_TITLE);
  const rows: string[][] = [];
  for (const graph of Object.keys(GRAPHS)) {
    const child = startPinned(GATEWAY_CORE, 'alone.ts');
    try {
      const found = await child.ask<AloneReply>({ graph, rounds, seconds: Math.max(1, seconds / 2) } satisfies AloneQuestion);
      const own = (name: 'ours' | 'stock') => Math.min(...found[name]) - Math.min(...found.json);
      rows.push([
        graph,
        ...(['ours', 'stock', 'json'] as const).map((name) => `${short(median(found[name]))} (${short(Math.min(...found[name]))})`),
        short(median(found.stock.map((cpu, n) => cpu / found.ours[n]!))),
        short(own('stock') / own('ours')),
      ]);
    } finally {
      await child.stop();
    }
  }
  const head = ['CPU µs an answer, median (least)', 'ours', 'stock', 'reading and writing JSON', 'x stock', 'x stock without JSON'];
  console.log(table(head, rows));
  console.log(`Load average ${loadAverage()}.`);
}
