import { randomUUID } from 'node:crypto';
import { bootstrap, migrate } from '@commonweal/kit';
import { SUBGRAPHS } from '@commonweal/schema';
import postgres from 'postgres';

/** A migrated, empty database. */
export interface ScratchDatabase {
  readonly urls: Awaited<ReturnType<typeof bootstrap>>;
  drop(): Promise<void>;
}

/** Makes a database of its own on a server, with the roles and tables of all registries. */
export async function scratchDatabase(serverUrl: string): Promise<ScratchDatabase> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const sql = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create database ${name} strategy file_copy`);
  const urls = await bootstrap(Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href);
  for (const registry of SUBGRAPHS) await migrate(registry, urls[registry].migratorUrl);
  return {
    urls,
    async drop() {
      await sql.unsafe(`drop database ${name} with (force)`);
      // What one round left to write must not slow down the next.
      await sql`checkpoint`;
      await sql.end();
    },
  };
}
