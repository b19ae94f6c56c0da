import { createHmac } from 'node:crypto';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import postgres from 'postgres';

/** How one registry reaches its database: its schema's owner, for migrations, and the role it works as. */
export interface RegistryUrls {
  readonly migratorUrl: string;
  readonly appUrl: string;
}

/** Role names of a registry. */
export const roles = (name: SubgraphName) => ({
  migrator: `commonweal_${name}_migrator`,
  app: `commonweal_${name}_app`,
  readers: 'commonweal_grant_readers',
});

/** The roles of the registries have passwords that do not follow from this administrator's: it was changed since, or is another administrator's. */
export class OtherPasswords extends Error {}

/** The administrator's url has no password: those of the registries' roles would be known to everybody who reads this file. */
export class NoPassword extends Error {}

const INVALID_PASSWORD = '28P01';
const ONE_AT_A_TIME = 730_113;

/** Passwords follow from the administrator's, so that a second bootstrap of the same server changes nothing. */
const passwordOf = (secret: string, role: string) => createHmac('sha256', secret).update(role).digest('hex');

/** Roles belong to the whole server: two databases that are made at the same time meet here, and the later one tries again. */
async function eventually(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 8) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25 * attempt));
    }
  }
}

async function makeRoles(sql: postgres.Sql, secret: string, newPasswords: boolean): Promise<void> {
  await sql.begin(async (tx) => {
    const existing = new Set((await tx`select rolname from pg_roles`).map((r) => String(r.rolname)));
    const make = async (role: string, login: boolean) => {
      const rights = login ? `login password '${passwordOf(secret, role)}'` : 'nologin';
      if (!existing.has(role)) await tx.unsafe(`create role ${role} ${rights}`);
      else if (newPasswords) await tx.unsafe(`alter role ${role} ${rights}`);
    };
    await make('commonweal_grant_readers', false);
    for (const name of SUBGRAPHS) {
      const { migrator, app } = roles(name);
      await make(migrator, true);
      await make(app, true);
      if (!existing.has(app)) await tx.unsafe(`grant commonweal_grant_readers to ${app}`);
    }
  });
}

/**
 * Says of three comparisons that they leak nothing. Under row-level security an operator may meet an index, be estimated by statistics or be tried
 * before the policy only if it is known never to tell of rows that the policy hides; otherwise a list of one program's persons reads the whole table.
 * It is true of them: they read their arguments and answer yes or no; whether they fail depends on the type only, and no role of ours may make
 * types with comparisons of their own. Only a superuser may say it. On a server that is somebody else's it stays unsaid: the answers are the same
 * there, and large lists slower.
 */
async function letIndexesServe(sql: postgres.Sql): Promise<void> {
  const [me] = await sql`select rolsuper from pg_roles where rolname = current_user`;
  if (me?.rolsuper !== true) return;
  await sql`alter function public.ltree_risparent(public.ltree, public.ltree) leakproof`;
  await sql`alter function public.ltree_isparent(public.ltree, public.ltree) leakproof`;
  await sql`alter function pg_catalog.arrayoverlap(anyarray, anyarray) leakproof`;
}

/** Throws `OtherPasswords` when roles that were there already have others. */
async function tryPassword(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`select 1`;
  } catch (cause) {
    if ((cause as { code?: string }).code !== INVALID_PASSWORD) throw cause;
    throw new OtherPasswords("The passwords of the registries' roles do not follow from this administrator's password.", { cause });
  } finally {
    await sql.end();
  }
}

/**
 * Makes the roles, the schemas and the extensions of all registries in the database that the administrator's url names.
 * Safe to repeat, and to run twice at the same time. Each app role may use its own schema and nothing of the others'. `newPasswords` gives roles that are there
 * already the passwords that follow from this administrator's: all processes need their new urls then. Without it `OtherPasswords` is thrown for such ones.
 */
export async function bootstrap(adminUrl: string, { newPasswords = false } = {}): Promise<Record<SubgraphName, RegistryUrls>> {
  const admin = new URL(adminUrl);
  const secret = decodeURIComponent(admin.password);
  if (secret === '') throw new NoPassword("The administrator's url has no password, and those of the registries' roles follow from it.");
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    // Of the only connection, so it goes with it.
    await sql`select pg_advisory_lock(${ONE_AT_A_TIME})`;
    await eventually(() => makeRoles(sql, secret, newPasswords));
    await sql`create extension if not exists ltree schema public`;
    await sql`revoke create on schema public from public`;
    await letIndexesServe(sql);
    for (const name of SUBGRAPHS) {
      const { migrator, app } = roles(name);
      await sql.unsafe(`create schema if not exists ${name} authorization ${migrator}`);
      await sql.unsafe(`grant usage on schema ${name} to ${app}`);
    }
    const database = (await sql`select current_database() as name`)[0]?.name as string;
    await sql.unsafe(`revoke temporary on database "${database}" from public`);
    for (const name of SUBGRAPHS) await sql.unsafe(`grant temporary on database "${database}" to ${roles(name).migrator}`);
  } finally {
    await sql.end();
  }
  const as = (role: string) => {
    const url = new URL(adminUrl);
    url.username = role;
    url.password = passwordOf(secret, role);
    return url.href;
  };
  await tryPassword(as(roles(SUBGRAPHS[0]).migrator));
  return Object.fromEntries(SUBGRAPHS.map((n) => [n, { migratorUrl: as(roles(n).migrator), appUrl: as(roles(n).app) }])) as Record<
    SubgraphName,
    RegistryUrls
  >;
}
