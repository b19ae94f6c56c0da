import type { Connections } from '../rows/reference.ts';
import { tableKeys, tables } from './tables.ts';

const reference = [
  ['persons', 'area'],
  ['programs', 'program'],
  ['programs', 'cycle'],
] as const;

/** Collects the planner's statistics. Rows that were written frozen need no vacuum; the others get theirs now, while nobody waits. */
export async function analyzeTables(on: Connections, isFrozen: boolean, told: (done: number, of: number) => void): Promise<void> {
  for (const [registry, name] of reference) await on[registry].unsafe(`analyze ${registry}.${name}`);
  for (const [done, key] of tableKeys.entries()) {
    told(done, tableKeys.length);
    const { registry, name } = tables[key];
    await on[registry].unsafe(isFrozen ? `analyze ${registry}.${name}` : `vacuum (analyze) ${registry}.${name}`);
  }
  told(tableKeys.length, tableKeys.length);
}
