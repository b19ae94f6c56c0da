import { bootstrap, migrate } from '@commonweal/kit';
import { SUBGRAPHS } from '@commonweal/schema';
import type { Launch } from './up.system.ts';

/** Makes roles and schemas, and brings the tables of all registries up to date. Safe to repeat. */
export async function prepareTables(adminUrl: string, tell: (how: string) => void): Promise<Launch['urls']> {
  const urls = await bootstrap(adminUrl);
  for (const name of SUBGRAPHS) {
    tell(name);
    await migrate(name, urls[name].migratorUrl);
  }
  return urls;
}
