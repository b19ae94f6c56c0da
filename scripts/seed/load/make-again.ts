import { SUBGRAPHS } from '@commonweal/schema';
import { connect, type MigratorUrls, restoreDefinitions, unfinishedCount } from './unfinished.ts';

/** Registries that work at the same time: sorting is bound to one core each, and to the memory of each. */
const AT_ONCE = 2;

/** Makes the dropped indexes and keys of all registries again. `told` hears how many are done, of how many. */
export async function makeAgain(urls: MigratorUrls, told: (done: number, of: number) => void): Promise<void> {
  const connections = SUBGRAPHS.map((name) => ({ name, sql: connect(urls, name) }));
  try {
    let of = 0;
    let done = 0;
    for (const { name, sql } of connections) of += await unfinishedCount(sql, name);
    if (of === 0) return;
    told(0, of);
    const waiting = [...connections];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await restoreDefinitions(next.sql, next.name, () => told(++done, of));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    for (const { sql } of connections) await sql.end({ timeout: 5 });
  }
}
