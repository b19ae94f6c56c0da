import { bootstrap, bySocket, migrate } from '@commonweal/kit';
import { SUBGRAPHS } from '@commonweal/schema';
import { databaseProblem } from './database-problem.ts';
import type { Launch } from './up.system.ts';

/** The same urls, with the way of the requests by the server's Unix socket where it has one: cheaper than TCP on one machine. */
export const nearby = (urls: Launch['urls'], socketDir: string | undefined): Launch['urls'] =>
  Object.fromEntries(SUBGRAPHS.map((name) => [name, { ...urls[name], appUrl: bySocket(urls[name].appUrl, socketDir) }])) as Launch['urls'];

/** Makes roles and schemas, and brings the tables of all registries up to date. Safe to repeat. */
export async function prepareTables(adminUrl: string, tell: (how: string) => void): Promise<Launch['urls']> {
  try {
    const urls = await bootstrap(adminUrl);
    for (const name of SUBGRAPHS) {
      tell(name);
      await migrate(name, urls[name].migratorUrl);
    }
    return urls;
  } catch (error) {
    throw databaseProblem(error);
  }
}
