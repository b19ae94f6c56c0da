import { tables as consent } from '@commonweal/consent/tables.ts';
import { commonTables, type DeclaredTable, declared } from '@commonweal/kit';
import { tables as payments } from '@commonweal/payments/tables.ts';
import { tables as persons } from '@commonweal/persons/tables.ts';
import { tables as programs } from '@commonweal/programs/tables.ts';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import type postgres from 'postgres';

/** The tables that the registries declare in code, by schema. */
export const DECLARED: Readonly<Record<SubgraphName, readonly DeclaredTable[]>> = {
  persons: [...persons, ...commonTables].map(declared),
  programs: [...programs, ...commonTables].map(declared),
  payments: [...payments, ...commonTables].map(declared),
  consent: [...consent, ...commonTables].map(declared),
};

/** A table as PostgreSQL knows it. Partitions are no tables of their own. */
export interface Table {
  readonly schema: SubgraphName;
  readonly name: string;
  readonly oid: number;
  readonly rowSecurity: boolean;
  readonly forced: boolean;
  /** Names of triggers that somebody made. */
  readonly triggers: string[];
  readonly columns: readonly { name: string; type: string; notNull: boolean; identity: boolean }[];
  /** Columns of each PRIMARY KEY, UNIQUE and EXCLUDE. */
  readonly unique: readonly { name: string; columns: string[] }[];
  readonly foreignKeys: readonly { name: string; columns: string[]; toSchema: string; toTable: string; toColumns: string[] }[];
  readonly policies: readonly { name: string; role: string; using: string | null; check: string | null }[];
}

const inOurs = `n.nspname in (${SUBGRAPHS.map((s) => `'${s}'`).join(', ')})`;

/** All tables of the registries, from the catalog. */
export async function readCatalog(admin: postgres.Sql): Promise<Table[]> {
  return (await admin.unsafe(`
    select n.nspname as schema, c.relname as name, c.oid::int as oid, c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as forced,
      coalesce((select array_agg(t.tgname::text) from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal), '{}') as triggers,
      (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull, 'identity', a.attidentity <> '') order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      coalesce((select json_agg(json_build_object('name', ic.relname, 'columns', (select array_agg(a.attname order by k.at) from unnest(i.indkey::int2[]) with ordinality k(num, at) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num)))
        from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid and (i.indisunique or i.indisexclusion)), '[]') as unique,
      coalesce((select json_agg(json_build_object('name', f.conname, 'toSchema', tn.nspname, 'toTable', tc.relname,
          'columns', (select array_agg(a.attname order by k.at) from unnest(f.conkey) with ordinality k(num, at) join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.num),
          'toColumns', (select array_agg(a.attname order by k.at) from unnest(f.confkey) with ordinality k(num, at) join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.num)))
        from pg_constraint f join pg_class tc on tc.oid = f.confrelid join pg_namespace tn on tn.oid = tc.relnamespace where f.conrelid = c.oid and f.contype = 'f' and f.conparentid = 0), '[]') as "foreignKeys",
      coalesce((select json_agg(json_build_object('name', p.polname, 'role', coalesce((select string_agg(r.rolname, ',') from pg_roles r where r.oid = any (p.polroles)), 'public'),
          'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)))
        from pg_policy p where p.polrelid = c.oid), '[]') as policies
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${inOurs} and c.relkind in ('r', 'p') and not c.relispartition order by 1, 2`)) as unknown as Table[];
}

/** A table as declared, for one found in the catalog; undefined where the code does not know it. */
export const declarationOf = (table: { schema: SubgraphName; name: string }): DeclaredTable | undefined =>
  DECLARED[table.schema].find((d) => d.name === table.name);
