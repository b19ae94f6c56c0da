import postgres from 'postgres';
import type { ScriptConfig } from './config.ts';
import { checkServer } from './database.check.ts';
import { startPostgres } from './postgres.ts';

/** A server with a database for us, and its administrator's url. */
export interface DatabaseServer {
  readonly adminUrl: string;
  /** Folder of its Unix socket, when it is ours and has one. */
  readonly socketDir: string | undefined;
  /** Settles when the embedded server ends by itself, with a sentence. */
  readonly ended: Promise<string>;
}

const NAME = 'commonweal';

/** Starts the embedded PostgreSQL, or goes to the one that `DATABASE_URL` names. Throws `StartupProblem`. */
export async function startServer(
  { data, databaseUrl }: ScriptConfig,
  tell: (how: string) => void,
  running: (() => Promise<void>)[],
): Promise<DatabaseServer> {
  if (databaseUrl) return { adminUrl: await checkServer(databaseUrl), socketDir: undefined, ended: new Promise(() => {}) };
  const server = await startPostgres({ dataDir: data.postgres, port: 0, mode: 'durable', log: tell });
  running.push(() => server.stop());
  const adminUrl = await ensureDatabase(server.url);
  return { adminUrl, socketDir: server.socketDir, ended: server.exited.then(() => 'PostgreSQL ended by itself.') };
}

/** Makes our database on the embedded server, once. Returns the administrator's url for it. */
async function ensureDatabase(serverUrl: string): Promise<string> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => {} });
  try {
    if ((await sql`select 1 from pg_database where datname = ${NAME}`).length === 0) await sql.unsafe(`create database ${NAME}`);
  } finally {
    await sql.end();
  }
  return Object.assign(new URL(serverUrl), { pathname: `/${NAME}` }).href;
}
