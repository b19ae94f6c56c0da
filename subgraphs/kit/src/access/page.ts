import { createHash } from 'node:crypto';
import { ApiError, type Read } from '@commonweal/schema';
import DataLoader from 'dataloader';
import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../graph/context.ts';
import { delivered, type Entity, givesFreely, pageSize, type Row, type RowKey, reading } from './entity.ts';
import { consentJoin, withinAny } from './sql.ts';

/** One column of an order; its type is needed to turn a cursor's text back into a value. */
export interface OrderBy {
  readonly value: SQL;
  readonly type: 'text' | 'date' | 'timestamptz' | 'numeric' | 'integer' | 'uuid';
}

/** A page as the graph gives it. */
export interface Page {
  readonly nodes: Row[];
  readonly edges: { cursor: string; node: Row }[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

/** What the caller of a list gives. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** What a list is: where it stands in the graph, which rows, in which order. */
export interface ListSpec {
  /** Coordinate of the list; with the arguments it binds the cursors. */
  readonly name: string;
  readonly entity: Entity;
  readonly where?: SQL | undefined;
  /** All in one direction. The row's id is always the last tie-break. */
  readonly order: readonly OrderBy[];
  readonly descending?: boolean;
  /** What filter and order read: rights that the rows are confined to. */
  readonly needs?: readonly Read[];
  /** All arguments but first and after. */
  readonly filter?: unknown;
  readonly most?: number;
  readonly standard?: number;
}

const boundTo = (context: Context, spec: ListSpec, parent = '') =>
  createHash('sha256')
    .update(
      JSON.stringify([
        context.decision.consumer,
        context.principal.user,
        context.decision.purpose,
        spec.name,
        parent,
        spec.filter ?? null,
        spec.descending ?? false,
      ]),
    )
    .digest('base64url');

function afterCondition(context: Context, spec: ListSpec, columns: readonly OrderBy[], after: string, bound: string): SQL {
  const values = context.cursors.open(after, bound);
  if (!Array.isArray(values) || values.length !== columns.length)
    throw new ApiError('INVALID_CURSOR', 'The cursor is not of this list. Start again without `after`.', { argument: 'after' });
  const left = sql.join(
    columns.map((c) => c.value),
    sql`, `,
  );
  const right = sql.join(
    columns.map((c, i) => sql`${values[i] as string}::text::${sql.raw(c.type)}`),
    sql`, `,
  );
  return spec.descending ? sql`(${left}) < (${right})` : sql`(${left}) > (${right})`;
}

interface Parts {
  readonly bound: string;
  readonly size: number;
  /** The rows without their beginning `select`. */
  readonly body: SQL;
  readonly columns: SQL;
  readonly coordinates: readonly string[];
  readonly nothing: boolean;
}

function parts(
  context: Context,
  spec: ListSpec,
  args: PageArguments,
  requested: ReadonlySet<string>,
  extra: SQL | null,
  parent: string,
): Parts {
  const size = pageSize(args.first, spec.most, spec.standard);
  const r = reading(context, spec.entity, requested, spec.needs);
  const order: OrderBy[] = [...spec.order, { value: spec.entity.key, type: 'uuid' }];
  const bound = boundTo(context, spec, parent);
  const conditions = [
    r.visible,
    ...(spec.where ? [spec.where] : []),
    ...(extra ? [extra] : []),
    ...(args.after != null ? [afterCondition(context, spec, order, args.after, bound)] : []),
  ];
  const direction = spec.descending ? sql`desc` : sql`asc`;
  const body = sql`from ${spec.entity.from} ${r.join} where ${sql.join(conditions, sql` and `)} order by ${sql.join(
    order.map((o) => sql`${o.value} ${direction}`),
    sql`, `,
  )} limit ${size + 1}`;
  const columns = sql`${r.columns}, array[${sql.join(
    order.map((o) => sql`${o.value}::text`),
    sql`, `,
  )}] as "$position"`;
  return { bound, size, body, columns, coordinates: r.coordinates, nothing: r.reach.length === 0 };
}

function toPage(context: Context, rows: Row[], size: number, bound: string, coordinates: readonly string[], entered: boolean): Page {
  const kept = delivered(context, coordinates, rows.slice(0, size));
  const cursors = kept.map((r) => context.cursors.seal(r.$position, bound));
  return {
    nodes: kept,
    edges: kept.map((node, i) => ({ cursor: cursors[i]!, node })),
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: entered,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
  };
}

/** One page of a list: one statement, by key, never by offset. */
export async function page(context: Context, spec: ListSpec, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> {
  const p = parts(context, spec, args, requested, null, '');
  const rows = p.nothing ? [] : await context.db.all<Row>(sql`select ${p.columns} ${p.body}`);
  return toPage(context, rows, p.size, p.bound, p.coordinates, args.after != null);
}

/**
 * The page of one parent in a list that many parents have: one statement for all of them.
 * `parentColumn` is the column of the list's table that names the parent (uuid); a parent that is found by person and id is given as both,
 * and the list's rows are then looked for with the person too. A cursor is of one parent only.
 */
export function childPage(
  context: Context,
  spec: ListSpec,
  parentColumn: SQL,
  parent: string | RowKey,
  args: PageArguments,
  requested: ReadonlySet<string>,
): Promise<Page> {
  const name = JSON.stringify(['page', spec.name, spec.filter ?? null, args.first ?? null, args.after ?? null, [...requested].sort()]);
  const owned = typeof parent !== 'string' && parent.owner !== null;
  if (owned && !spec.entity.owner) throw new Error(`${spec.name}: the rows of ${spec.entity.type} name no owner`);
  let loader = context.loaders.get(name) as DataLoader<RowKey, Page, string> | undefined;
  if (!loader) {
    loader = new DataLoader<RowKey, Page, string>(
      async (parents) => {
        if (parents.length > 1 && args.after != null)
          throw new ApiError('INVALID_CURSOR', 'A cursor belongs to one list: ask for one object at a time.', { argument: 'after' });
        const p = parts(
          context,
          spec,
          args,
          requested,
          owned ? sql`${spec.entity.owner!} = parent.owner and ${parentColumn} = parent.id` : sql`${parentColumn} = parent.id`,
          args.after != null ? parents[0]!.id : '',
        );
        const ids = sql`${sql.param(parents.map((k) => k.id))}::uuid[]`;
        const given = owned
          ? sql`unnest(${ids}, ${sql.param(parents.map((k) => k.owner))}::uuid[]) as parent(id, owner)`
          : sql`unnest(${ids}) as parent(id)`;
        const rows = p.nothing
          ? []
          : await context.db.all<Row & { $parent: string }>(
              sql`select parent.id as "$parent", list.* from ${given} cross join lateral (select ${p.columns} ${p.body}) list`,
            );
        const byParent = new Map<string, (Row & { $parent: string })[]>();
        for (const row of rows) byParent.set(row.$parent, [...(byParent.get(row.$parent) ?? []), row]);
        return parents.map(({ id }) =>
          toPage(context, byParent.get(id) ?? [], p.size, boundTo(context, spec, id), p.coordinates, args.after != null),
        );
      },
      { cacheKeyFn: (k) => k.id },
    );
    context.loaders.set(name, loader);
  }
  return loader.load(typeof parent === 'string' ? { id: parent, owner: null } : parent);
}

/** A count for the caller: exact counts of small groups tell of persons, so it is null under ten and rounded down to tens. Stops counting at 100,000. */
export async function roundedCount(
  context: Context,
  entity: Entity,
  coordinate: string,
  where: SQL | undefined,
  needs: readonly Read[] = [],
): Promise<number | null> {
  if (!context.rights.field(coordinate)) return null;
  const counting = context.decision.alternatives.filter((a) =>
    [...needs, { field: coordinate, use: 'AGGREGATE' as const }].every((n) => givesFreely(context, a, n)),
  );
  if (counting.length === 0) return null;
  const conditions = [withinAny(counting, entity.scope), ...(where ? [where] : [])];
  const join = consentJoin(context.decision, counting, entity.scope.person);
  const rows = await context.db.all<{ n: string }>(
    sql`select count(*) as n from (select 1 from ${entity.from} ${join} where ${sql.join(conditions, sql` and `)} limit 100000) counted`,
  );
  const n = Number(rows[0]?.n ?? 0);
  return n < 10 ? null : Math.floor(n / 10) * 10;
}
