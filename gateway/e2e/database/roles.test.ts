import { roles } from '@commonweal/kit';
import { type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

/** What the role that a registry works as can and cannot do, tried as that role: the last line behind everything above it. */

let database: TestDatabase;
let admin: postgres.Sql;
const apps = new Map<SubgraphName, postgres.Sql>();
/** Published reads across schemas. */
const PUBLISHED = ['consent.active_grant'];

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  admin = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
  for (const name of SUBGRAPHS)
    apps.set(name, postgres(database.urls[name].appUrl, { max: 1, onnotice: () => {}, connection: { search_path: `${name},public` } }));
});
afterAll(async () => {
  for (const app of apps.values()) await app.end();
  await admin?.end();
  await database?.drop();
});

const DENIED = '42501';
/** SQLSTATE with which a statement fails, or what it gave. */
async function attempt(name: SubgraphName, ...statements: string[]): Promise<string> {
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = [...(await apps.get(name)!.unsafe(statement))];
    return `${rows.length} rows`;
  } catch (error) {
    return (error as postgres.PostgresError).code ?? String(error);
  } finally {
    await apps
      .get(name)!
      .unsafe('reset role')
      .catch(() => {});
  }
}

describe.each(SUBGRAPHS)('the app role of %s', (name) => {
  it('has no attribute of an administrator, owns nothing and may make nothing', async () => {
    const { app } = roles(name);
    expect(
      await admin`select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = ${app}`,
    ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false }]);
    expect(
      await admin`select relname from pg_class where relowner = ${app}::regrole union all select proname from pg_proc where proowner = ${app}::regrole union all select nspname from pg_namespace where nspowner = ${app}::regrole`,
    ).toEqual([]);
    expect(
      await admin`select nspname from pg_namespace where nspname !~ '^pg_toast|^pg_temp' and has_schema_privilege(${app}, oid, 'create')`,
    ).toEqual([]);
    expect(
      await admin`select has_database_privilege(${app}, current_database(), 'create') as make, has_database_privilege(${app}, current_database(), 'temporary') as temporary`,
    ).toEqual([{ make: false, temporary: false }]);
  });

  it('is a member of the readers of consent and of nothing else', async () => {
    expect(
      (await admin`select roleid::regrole::text as name from pg_auth_members where member = ${roles(name).app}::regrole`).map(
        (r) => r.name,
      ),
    ).toEqual(['commonweal_grant_readers']);
  });

  it('reads no table, view or sequence of another registry but what is published', async () => {
    const others =
      await admin`select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ${admin(SUBGRAPHS.filter((s) => s !== name))} and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')`;
    expect(others.length).toBeGreaterThan(20);
    const read: string[] = [];
    for (const { name: other } of others) if ((await attempt(name, `select * from ${other}`)) !== DENIED) read.push(other as string);
    expect(read.sort()).toEqual(name === 'consent' ? [] : PUBLISHED);
  });

  it('writes into no table of another registry, and empties none of its own', async () => {
    const all =
      await admin`select n.nspname as schema, c.relname as name, has_table_privilege(${roles(name).app}, c.oid, 'insert, update, delete') as writes, has_any_column_privilege(${roles(name).app}, c.oid, 'insert, update') as columns,
      has_table_privilege(${roles(name).app}, c.oid, 'truncate, references, trigger, maintain') as more from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ${admin(SUBGRAPHS)} and c.relkind in ('r', 'p', 'v')`;
    expect(all.filter((t) => t.schema !== name && (t.writes || t.columns)).map((t) => t.name)).toEqual([]);
    expect(all.filter((t) => t.more).map((t) => t.name)).toEqual([]);
  });

  it('becomes nobody else', async () => {
    for (const other of [
      ...SUBGRAPHS.filter((s) => s !== name).map((s) => roles(s).app),
      ...SUBGRAPHS.map((s) => roles(s).migrator),
      'postgres',
      'pg_read_all_data',
      'pg_read_server_files',
    ]) {
      expect([other, await attempt(name, `set role ${other}`)]).toEqual([other, DENIED]);
      expect([other, await attempt(name, `set session authorization ${other}`)]).toEqual([other, DENIED]);
    }
    const tables =
      await admin`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${name} and c.relkind in ('r', 'p') and c.relrowsecurity`;
    for (const { name: table } of tables)
      expect([table, await attempt(name, 'set role commonweal_grant_readers', `select * from ${name}.${table}`)]).toEqual([table, DENIED]);
  });

  it.each([
    ['a file of the server', `select pg_read_file('/etc/passwd')`],
    ['a folder of the server', `select pg_ls_dir('/')`],
    ['a program', `copy (select 1) to program 'cat'`],
    ['a copy into a file', `copy (select 1) to '/nowhere/out'`],
    ['a copy out of a file', `copy outbox from '/etc/passwd'`],
    ['a large object of a file', `select lo_import('/etc/passwd')`],
    ['stored statistics', 'select * from pg_statistic'],
    ['passwords', 'select * from pg_authid'],
    ['settings of files', 'select * from pg_hba_file_rules'],
    ['an extension', 'create extension dblink'],
    ['a server elsewhere', 'create foreign data wrapper w'],
    ['a function', 'create function f() returns int language sql as $$ select 1 $$'],
    ['a view', 'create view v as select 1'],
    ['a table', 'create table t (x int)'],
    ['a temporary table', 'create temporary table t (x int)'],
    ['a schema', 'create schema s'],
    ['a role', 'create role r'],
    ['a setting of the system', "alter system set log_statement = 'all'"],
    ["a setting that is the administrator's", "set session_preload_libraries = 'x'"],
    ['a setting that passes over triggers', 'set session_replication_role = replica'],
    [
      'an end to other sessions',
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres' and pid <> pg_backend_pid()`,
    ],
  ])('gets no %s', async (_, statement) => {
    expect(await attempt(name, statement)).toBe(DENIED);
  });

  it('turns off no row-level security', async () => {
    const tables =
      await admin`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${name} and c.relkind in ('r', 'p') and c.relrowsecurity`;
    for (const { name: table } of tables) {
      for (const change of [
        `alter table ${table} disable row level security`,
        `alter table ${table} no force row level security`,
        `drop policy if exists owner_all on ${table}`,
        `create policy p on ${table} using (true)`,
        `truncate ${table}`,
        `drop table ${table}`,
      ]) {
        expect([change, await attempt(name, change)]).toEqual([change, DENIED]);
      }
      // Not filtered, but refused: the setting says so.
      expect([table, await attempt(name, 'set row_security = off', `select * from ${table}`)]).toEqual([table, DENIED]);
      await apps.get(name)!.unsafe('reset row_security');
    }
  });

  it('learns nothing of rows it may not see from statistics and plans', async () => {
    const tables = (
      await admin`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${name} and c.relkind = 'r' and c.relrowsecurity`
    ).map((t) => t.name as string);
    await admin.unsafe(tables.map((t) => `analyze ${name}.${t}`).join('; '));
    expect(await apps.get(name)!`select tablename from pg_stats where tablename = any (${tables})`).toEqual([]);
    expect(await apps.get(name)!`select * from pg_stats_ext`).toEqual([]);
  });
});

describe('what passes over row-level security', () => {
  it('is one function, which only its registry may run, with a path of its own', async () => {
    const found =
      await admin`select n.nspname || '.' || p.proname as name, has_function_privilege('public', p.oid, 'execute') as everybody, p.proconfig, (select array_agg(r.rolname order by 1) from pg_roles r where r.rolname like 'commonweal%app' and has_function_privilege(r.oid, p.oid, 'execute')) as roles
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and n.nspname !~ '^pg_|information_schema'`;
    expect(found).toEqual([
      {
        name: 'programs.overlap_of',
        everybody: false,
        proconfig: ['search_path=programs, public, pg_temp'],
        roles: ['commonweal_programs_app'],
      },
    ]);
  });

  it('is one view, which tells of consents in force and no more', async () => {
    const views =
      await admin`select n.nspname || '.' || c.relname as name, (select array_agg(a.attname order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and n.nspname in ${admin(SUBGRAPHS)} and not coalesce(c.reloptions::text like '%security_invoker=true%', false)`;
    expect(views).toEqual([{ name: 'consent.active_grant', columns: ['person_id', 'recipient_id', 'purpose_id', 'categories'] }]);
  });
});
