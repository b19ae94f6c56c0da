import { existsSync, readFileSync } from 'node:fs';
import { bootstrap, type RegistryUrls } from '@commonweal/kit/db/bootstrap.ts';
import { migrate } from '@commonweal/kit/db/migrate.ts';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema/subgraphs.ts';
import postgres from 'postgres';
import type { ScriptConfig } from './config.ts';
import { databaseProblem } from './database-problem.ts';
import { readPidFile } from './postgres.folder.ts';
import { startPostgres } from './postgres.ts';
import { StartupProblem } from './startup-problem.ts';

/** A database with the tables of the registries, and how to leave it. */
export interface OpenDatabase {
  readonly urls: Readonly<Record<SubgraphName, RegistryUrls>>;
  close(): Promise<void>;
}

/** A server's database as its administrator reaches it, and how to leave it. */
export interface FoundDatabase {
  readonly adminUrl: string;
  close(): Promise<void>;
}

const LOCAL_NAME = 'commonweal';
const CONNECT_SECONDS = 10;

/** Finds the database as `findDatabase` does, and brings its tables up to date. Throws `StartupProblem`. */
export async function openDatabase(config: ScriptConfig, databaseUrl?: string): Promise<OpenDatabase> {
  const { adminUrl, close } = await findDatabase(config, databaseUrl);
  try {
    await reach(adminUrl);
    const urls = await bootstrap(adminUrl);
    for (const name of SUBGRAPHS) await migrate(name, urls[name].migratorUrl);
    return { urls, close };
  } catch (error) {
    await close();
    throw databaseProblem(error);
  }
}

/**
 * Finds the database: the one that is given, else that of `DATABASE_URL`, else the local system's of the data folder, whose PostgreSQL is started when it does not run.
 * Throws `StartupProblem`.
 */
export async function findDatabase({ data, databaseUrl }: ScriptConfig, given?: string): Promise<FoundDatabase> {
  const url = given ?? databaseUrl;
  if (url !== null) return { adminUrl: url, close: async () => {} };
  if (!existsSync(data.postgres))
    throw new StartupProblem(
      `There is no local system in ${data.folder}.`,
      'Start it once with npm start, or name another database: --help says how.',
    );
  const running = readPidFile(data.postgres);
  if (running?.isReady && isAlive(running.pid)) {
    const password = readFileSync(`${data.postgres}.password`, 'utf8').trim();
    return { adminUrl: `postgres://postgres:${password}@127.0.0.1:${running.port}/${LOCAL_NAME}`, close: async () => {} };
  }
  const server = await startPostgres({ dataDir: data.postgres, port: 0, mode: 'durable' });
  return { adminUrl: Object.assign(new URL(server.url), { pathname: `/${LOCAL_NAME}` }).href, close: () => server.stop() };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tries a url. Throws `StartupProblem` when it is none, or nothing answers. */
export async function reach(adminUrl: string): Promise<void> {
  const url = URL.parse(adminUrl);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw new StartupProblem('The url of the database is none.', 'It looks like postgres://user:password@host:5432/database.');
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {}, connect_timeout: CONNECT_SECONDS });
  try {
    await sql`select 1`;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new StartupProblem(
      `The database at ${url.hostname}:${url.port || 5432}${url.pathname} cannot be reached (${code ?? message}).`,
      'Start it, or mend host, port, user, password and name in the url.',
      { cause },
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}
