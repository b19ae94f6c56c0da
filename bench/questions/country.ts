import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bootstrap, MigrationChanged, migrate, type RegistryUrls } from '@commonweal/kit';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import postgres from 'postgres';
import { type DataFolder, dataFolder } from '../../scripts/config.ts';
import { ensureDevIssuer } from '../../scripts/dev-issuer.ts';
import { startPostgres } from '../../scripts/postgres.ts';
import { isSeeded, seed } from '../../scripts/seed/seed.ts';

/** What was made, and what making it took. Kept beside the data, so that a second run can tell it too. */
export interface Made {
  readonly households: number;
  readonly persons: number;
  readonly rows: number;
  /** Seconds of the seed, with indexes and statistics. */
  readonly seconds: number;
  readonly databaseBytes: number;
}

/** Registries of one size on a PostgreSQL that runs. */
export interface Country extends Made {
  readonly isNew: boolean;
  readonly data: DataFolder;
  /** Superuser's connection to the registries' database. */
  readonly adminUrl: string;
  readonly urls: Readonly<Record<SubgraphName, RegistryUrls>>;
  /** Folder of PostgreSQL's Unix socket, over which the contenders reach it, all alike. */
  readonly socketDir: string | undefined;
  stop(): Promise<void>;
}

const DATABASE = 'commonweal';

/** Starts the PostgreSQL of a size in a folder of its own and makes the country there, unless it is there already. Waits for no disk: a power cut may lose everything. */
export async function openCountry(folder: string, households: number): Promise<Country> {
  const data = dataFolder(path.join(folder, String(households)));
  mkdirSync(data.folder, { recursive: true, mode: 0o711 });
  await ensureDevIssuer(data);
  const server = await startPostgres({ dataDir: data.postgres, port: 0, mode: 'test' });
  try {
    const adminUrl = Object.assign(new URL(server.url), { pathname: `/${DATABASE}` }).href;
    const urls = await makeTables(server.url, adminUrl).catch(async (error) => {
      // The tables have become others since an earlier run made the country.
      if (!(error instanceof MigrationChanged)) throw error;
      await onServer(server.url, (sql) => sql.unsafe(`drop database ${DATABASE} with (force)`));
      return makeTables(server.url, adminUrl);
    });
    const file = path.join(data.folder, 'made.json');
    const isNew = !existsSync(file) || !(await isSeeded(urls.persons.migratorUrl));
    if (isNew) writeFileSync(file, JSON.stringify(await make(adminUrl, urls, data, households)));
    warm(path.join(data.postgres, 'base'));
    return {
      ...(JSON.parse(readFileSync(file, 'utf8')) as Made),
      isNew,
      data,
      adminUrl,
      urls,
      socketDir: server.socketDir,
      stop: server.stop,
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Reads the files of all tables and indexes once, so that the first who asks for a row does not wait for the disk and the others not. */
function warm(folder: string): void {
  const chunk = Buffer.allocUnsafe(4 * 2 ** 20);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = openSync(path.join(entry.parentPath, entry.name), 'r');
    while (readSync(file, chunk) > 0);
    closeSync(file);
  }
}

async function onServer<T>(serverUrl: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

async function makeTables(serverUrl: string, adminUrl: string): Promise<Country['urls']> {
  await onServer(serverUrl, async (sql) => {
    const found = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (found.length === 0) await sql.unsafe(`create database ${DATABASE}`);
  });
  const urls = await bootstrap(adminUrl);
  for (const name of SUBGRAPHS) await migrate(name, urls[name].migratorUrl);
  return urls;
}

async function make(adminUrl: string, urls: Country['urls'], data: DataFolder, households: number): Promise<Made> {
  const secret = Buffer.from(readFileSync(data.secret, 'utf8'), 'base64');
  const seeded = await seed({ urls, secret, households, seed: 1, reset: true });
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  // Pages that were just written are hinted and mapped now, not in the first measurement.
  await sql`vacuum`;
  await sql`checkpoint`;
  const [size] = await sql<{ bytes: string }[]>`select pg_database_size(current_database()) as bytes`;
  await sql.end();
  const rows = Object.values(seeded.rows).reduce((sum, n) => sum + n, 0);
  return { households, persons: seeded.persons, rows, seconds: seeded.seconds, databaseBytes: Number(size?.bytes ?? 0) };
}
