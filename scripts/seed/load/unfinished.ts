import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import postgres from 'postgres';
import { type Definition, dropStatements, exists, readDefinitions } from './definitions.ts';
import { emptied, type LoadedTable } from './tables.ts';

/**
 * A load that has begun leaves a table `unfinished_load` in each registry, with what was dropped for its time, and takes it away when all is
 * there again. Whoever finds the table knows that a load died, and how to mend the registry.
 */

/** Migrators' urls of all registries. */
export type MigratorUrls = Readonly<Record<SubgraphName, { readonly migratorUrl: string }>>;

/** Opens one connection of a registry's migrator. */
export const connect = (urls: MigratorUrls, name: SubgraphName, max = 1): postgres.Sql =>
  postgres(urls[name].migratorUrl, {
    max,
    onnotice: () => {},
    connection: { search_path: `${name},public`, application_name: 'commonweal seed' },
  });

/** Whether a load of this registry has begun and not ended. */
export async function isUnfinished(sql: postgres.Sql, name: SubgraphName): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`select to_regclass(${`${name}.unfinished_load`}) is not null as found`;
  return row?.found === true;
}

/** Notes in a registry that a load begins and drops what slows it down, in one transaction. What was dropped is returned. */
export async function beginLoad(sql: postgres.Sql, name: SubgraphName, dropFor: readonly LoadedTable[]): Promise<Definition[]> {
  return sql.begin(async (tx) => {
    const definitions = dropFor.length === 0 ? [] : await readDefinitions(tx, dropFor);
    await tx.unsafe(`create table ${name}.unfinished_load (position integer primary key, definition jsonb not null)`);
    for (const [position, definition] of definitions.entries()) {
      await tx`insert into ${tx(`${name}.unfinished_load`)} values (${position}, ${JSON.stringify(definition)}::text::jsonb)`;
    }
    for (const statement of dropStatements(definitions)) await tx.unsafe(statement);
    return definitions;
  });
}

/** How many indexes and keys a begun load has to make again. */
export async function unfinishedCount(sql: postgres.Sql, name: SubgraphName): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from ${sql(`${name}.unfinished_load`)}`;
  return row?.count ?? 0;
}

/** Makes what is missing of the noted definitions, foreign keys last. `made` hears of each. Safe to repeat. */
export async function restoreDefinitions(
  sql: postgres.Sql,
  name: SubgraphName,
  made: (definition: Definition) => void = () => {},
): Promise<void> {
  const rows = await sql<{ definition: Definition }[]>`select definition from ${sql(`${name}.unfinished_load`)} order by position`;
  await sql.unsafe("set maintenance_work_mem = '256MB'");
  for (const { definition } of rows) {
    if (!(await exists(sql, definition))) await sql.unsafe(definition.make);
    made(definition);
  }
}

/** Notes that the load of a registry has ended. */
export const endLoad = async (sql: postgres.Sql, name: SubgraphName): Promise<void> =>
  void (await sql.unsafe(`drop table ${name}.unfinished_load`));

/** Empties a registry of what is loaded. Irrevocable. */
export const emptyRegistry = async (sql: postgres.Sql, name: SubgraphName): Promise<void> =>
  void (await sql.unsafe(`truncate ${emptied[name].map((table) => `${name}.${table}`).join(', ')}`));

/**
 * Mends what a load left that died: empties all registries, because what is there is a part of a country, and makes indexes and keys again.
 * Does nothing where no load died. Names of the registries that were unfinished.
 */
export async function mendUnfinished(urls: MigratorUrls): Promise<SubgraphName[]> {
  const connections = SUBGRAPHS.map((name) => ({ name, sql: connect(urls, name) }));
  try {
    const unfinished: typeof connections = [];
    for (const one of connections) if (await isUnfinished(one.sql, one.name)) unfinished.push(one);
    // A load begins in registries that are empty, so whatever is in any of them came with it.
    if (unfinished.length > 0) for (const { name, sql } of connections) await emptyRegistry(sql, name);
    for (const { name, sql } of unfinished) await restoreDefinitions(sql, name);
    // Last: if this is broken off too, the next one finds all that it needs.
    for (const { name, sql } of unfinished.toReversed()) await endLoad(sql, name);
    return unfinished.map(({ name }) => name);
  } finally {
    for (const { sql } of connections) await sql.end({ timeout: 5 });
  }
}
