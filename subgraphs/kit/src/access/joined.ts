import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../graph/context.ts';
import { type Entity, nameOf, prime, type Row, reading } from './entity.ts';

/**
 * A link of a list's rows whose target is read in the list's own statement: `person` of the members of a household. It is read as a loader would read it, under
 * its own conditions, and given to that loader; so resolvers need not know, and what may not be known of is null.
 */
export interface JoinedLink {
  /** Field of the list's rows that holds the id of the target. */
  readonly field: string;
  /** What it leads to; found by its key alone. */
  readonly entity: Entity;
  /** Fields asked for, exactly as the link's resolver will ask for them. */
  readonly requested: ReadonlySet<string>;
}

/** Links that are read along, as parts of a statement over the rows `list`. */
export interface Joining {
  readonly links: readonly {
    readonly link: JoinedLink;
    readonly prefix: string;
    readonly names: readonly string[];
    readonly coordinates: readonly string[];
  }[];
  /** More columns, with a comma before each. */
  readonly columns: SQL;
  readonly joins: SQL;
}

/** What names the links in a key of what is kept. */
export const joinedName = (links: readonly JoinedLink[]): string => links.map((l) => `${l.field}:${nameOf(l.requested)}`).join(';');

/** Works out the joins of the links whose ids are among the list's columns. Null when there is nothing to join. */
export function joining(context: Context, links: readonly JoinedLink[], listColumns: readonly string[]): Joining | null {
  const columns: SQL[] = [];
  const joins: SQL[] = [];
  const joined = links.flatMap((link, n) => {
    if (!listColumns.includes(link.field)) return [];
    const r = reading(context, link.entity, link.requested);
    if (r.reach.length === 0) return [];
    const prefix = `${n}>`;
    const target = sql.identifier(`link ${n}`);
    for (const name of r.names) columns.push(sql`, ${target}.${sql.identifier(name)} as ${sql.identifier(prefix + name)}`);
    joins.push(
      sql`left join lateral (select ${r.columns} from ${link.entity.from} ${r.join} where ${link.entity.key} = list.${sql.identifier(link.field)} and ${r.visible}) ${target} on true`,
    );
    return [{ link, prefix, names: r.names, coordinates: r.coordinates }];
  });
  return joined.length === 0 ? null : { links: joined, columns: sql.join(columns), joins: sql.join(joins, sql` `) };
}

/** Takes what was joined out of the rows, in place, gives it to the loaders, and puts the rows back in order: a join may have changed it. */
export function unjoin<T extends Row>(context: Context, { links }: Joining, rows: readonly T[]): T[] {
  for (const row of rows as readonly Record<string, unknown>[]) {
    for (const { link, prefix, names, coordinates } of links) {
      const id = row[link.field];
      const target: Record<string, unknown> | null = row[`${prefix}$key`] === null ? null : {};
      for (const name of names) {
        if (target) target[name] = row[prefix + name];
        delete row[prefix + name];
      }
      if (typeof id === 'string') prime(context, link.entity, link.requested, coordinates, id, target as Row | null);
    }
  }
  return rows.toSorted((a, b) => Number(a.$order) - Number(b.$order));
}
