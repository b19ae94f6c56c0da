import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';

/** Where the rows of a table stand when the database is distributed. Declared for each table from the first on; a test over the catalog holds it to the rules. */
export type Placement =
  | { readonly kind: 'distributed'; readonly by: string }
  /** Small and the same everywhere: programs, areas, code lists. */
  | { readonly kind: 'reference' }
  /** On one node: jobs, rollups, offsets. */
  | { readonly kind: 'local' };

/** A table of a registry, with its placement and whether its rows are about persons (then row-level security must be forced). */
export interface PlacedTable {
  readonly table: PgTable;
  readonly placement: Placement;
  readonly aboutPersons: boolean;
}

/** Distributed by a column, about persons. */
export const ofPersons = (table: PgTable, by: string): PlacedTable => ({
  table,
  placement: { kind: 'distributed', by },
  aboutPersons: true,
});
/** Distributed by a column that is no person: keyed hashes. */
export const byHash = (table: PgTable, by: string): PlacedTable => ({ table, placement: { kind: 'distributed', by }, aboutPersons: false });
/** Small and the same everywhere. */
export const reference = (table: PgTable): PlacedTable => ({ table, placement: { kind: 'reference' }, aboutPersons: false });
/** On one node. */
export const local = (table: PgTable): PlacedTable => ({ table, placement: { kind: 'local' }, aboutPersons: false });

/** A table as it is declared in code, in the words of the catalog of PostgreSQL. */
export interface DeclaredTable {
  readonly name: string;
  readonly placement: Placement;
  readonly aboutPersons: boolean;
  /** By name: `uuid[] not null`. */
  readonly columns: Readonly<Record<string, string>>;
}

/** What a placed table declares. */
export function declared({ table, placement, aboutPersons }: PlacedTable): DeclaredTable {
  const { name, columns } = getTableConfig(table);
  return {
    name,
    placement,
    aboutPersons,
    columns: Object.fromEntries(columns.map((c) => [c.name, `${c.getSQLType()}${c.notNull ? ' not null' : ''}`])),
  };
}
