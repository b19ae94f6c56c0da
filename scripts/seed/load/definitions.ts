import type postgres from 'postgres';
import type { LoadedTable } from './tables.ts';

/** What is dropped from a table for the time of a large load, as PostgreSQL itself describes it. */
export interface Definition {
  readonly kind: 'index' | 'key' | 'foreign key';
  /** Qualified name of the table, and bare name of the index or constraint. */
  readonly table: string;
  readonly name: string;
  /** The statement that makes it. */
  readonly make: string;
}

/** Indexes, keys and foreign keys of some tables of one registry, and foreign keys of others that refer to them, in the order in which to make them. */
export async function readDefinitions(sql: postgres.Sql | postgres.TransactionSql, tables: readonly LoadedTable[]): Promise<Definition[]> {
  const names = tables.map(({ registry, name }) => `${registry}.${name}`);
  // With nothing on the path every name in a definition is written with its schema.
  await sql`select set_config('search_path', '', true)`;
  return sql<Definition[]>`
    select 'index' as kind, indrelid::regclass::text as table, c.relname::text as name, pg_get_indexdef(indexrelid) as make
    from pg_index i join pg_class c on c.oid = indexrelid
    where indrelid = any (${names}::text[]::regclass[]) and not exists (select 1 from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
    union all
    select case contype when 'f' then 'foreign key' else 'key' end, conrelid::regclass::text, conname::text,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint
    where contype in ('p', 'u', 'x') and conrelid = any (${names}::text[]::regclass[])
      or contype = 'f' and (conrelid = any (${names}::text[]::regclass[]) or confrelid = any (${names}::text[]::regclass[]))
    order by 1 desc, 2, 3`.then((rows) => [...rows].sort((a, b) => order[a.kind] - order[b.kind]));
}

const order: Readonly<Record<Definition['kind'], number>> = { key: 0, index: 1, 'foreign key': 2 };

/** Statements that drop what the definitions describe, dependents first. */
export const dropStatements = (definitions: readonly Definition[]): string[] =>
  definitions
    .toReversed()
    .map(({ kind, table, name }) =>
      kind === 'index' ? `drop index if exists ${schemaOf(table)}."${name}"` : `alter table ${table} drop constraint if exists "${name}"`,
    );

const schemaOf = (table: string): string => table.split('.')[0] as string;

/** Whether what a definition describes is there. */
export async function exists(sql: postgres.Sql | postgres.TransactionSql, { kind, table, name }: Definition): Promise<boolean> {
  const found =
    kind === 'index'
      ? await sql`select 1 from pg_indexes where schemaname = ${schemaOf(table)} and indexname = ${name}`
      : await sql`select 1 from pg_constraint where conrelid = ${table}::text::regclass and conname = ${name}`;
  return found.length > 0;
}
