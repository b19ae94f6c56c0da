import postgres from 'postgres';
import type { ScriptConfig } from './config.ts';
import { startPostgres } from './postgres.ts';
import { StartupProblem } from './startup-problem.ts';

/** A server with a database for us, and its administrator's url. */
export interface DatabaseServer {
  readonly adminUrl: string;
  /** Folder of its Unix socket, when it is ours and has one. */
  readonly socketDir: string | undefined;
  /** Settles when the embedded server ends by itself, with a sentence. */
  readonly ended: Promise<string>;
}

const NAME = 'commonweal';
const OLDEST_SERVER = 160_000;

/** Starts the embedded PostgreSQL, or goes to the one that `DATABASE_URL` names. Throws `StartupProblem`. */
export async function startServer(
  { data, databaseUrl }: ScriptConfig,
  tell: (how: string) => void,
  running: (() => Promise<void>)[],
): Promise<DatabaseServer> {
  if (databaseUrl) return { adminUrl: await checkOwn(databaseUrl), socketDir: undefined, ended: new Promise(() => {}) };
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

/** Looks whether a server that is not ours can be used: reached, new enough, and by somebody who may make roles. */
async function checkOwn(url: string): Promise<string> {
  const parsed = URL.parse(url);
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol) || parsed.pathname.length < 2)
    throw new StartupProblem(
      'DATABASE_URL is not the url of a PostgreSQL database.',
      'It looks like postgres://user:password@host:5432/database.',
    );
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  try {
    const [found] = await sql`
      select current_setting('server_version_num')::int as version, current_setting('server_version') as shown,
        (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as may_make_roles,
        exists (select 1 from pg_available_extensions where name = 'ltree') as has_ltree`;
    if (Number(found?.version) < OLDEST_SERVER)
      throw new StartupProblem(
        `The server at DATABASE_URL is PostgreSQL ${found?.shown}.`,
        'Use PostgreSQL 16 or newer; 18 is what the system is tested with.',
      );
    if (!found?.may_make_roles)
      throw new StartupProblem(
        `The user of DATABASE_URL may not make roles.`,
        'Give the url of an administrator (superuser, or with CREATEROLE); the registries get roles of their own with far less.',
      );
    if (!found.has_ltree)
      throw new StartupProblem('The server at DATABASE_URL lacks the extension ltree.', "Install PostgreSQL's contrib modules there.");
    return url;
  } catch (error) {
    throw error instanceof StartupProblem ? error : unreachable(error as NodeJS.ErrnoException, parsed);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function unreachable(error: NodeJS.ErrnoException, url: URL): StartupProblem {
  const where = `${url.hostname}:${url.port || 5432}`;
  const causes: Readonly<Record<string, [string, string]>> = {
    ECONNREFUSED: [`Nothing listens at ${where}.`, 'Start the server, or mend host and port.'],
    ENOTFOUND: [`The host ${url.hostname} is not known.`, 'Mend the host.'],
    CONNECT_TIMEOUT: [`The server at ${where} does not answer.`, 'Mend host and port, or let this machine through its firewall.'],
    '28P01': ['The server refuses user or password.', 'Mend user and password.'],
    '28000': ['The server does not admit this user.', "Mend the user, or the server's pg_hba.conf."],
    '3D000': [`The server has no database "${url.pathname.slice(1)}".`, `Make it: CREATE DATABASE ${url.pathname.slice(1)}.`],
  };
  const [what, remedy] = causes[error.code ?? ''] ?? [`The server at ${where} cannot be used: ${error.message}.`, 'Mend DATABASE_URL.'];
  return new StartupProblem(`DATABASE_URL: ${what}`, remedy, { cause: error });
}
