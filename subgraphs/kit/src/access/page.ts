import { createHash } from 'node:crypto';
import { ApiError, type Read } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../graph/context.ts';
import { delivered, type Entity, pageSize, type Row, reading } from './entity.ts';
import { type JoinedLink, type Joining, joining, unjoin } from './joined.ts';

/** One column of an order; its type is needed to turn a cursor's text back into a value. */
export interface OrderBy {
  readonly value: SQL;
  readonly type: 'text' | 'date' | 'timestamptz' | 'numeric' | 'integer' | 'uuid';
}

/** A page as the graph gives it. Cursors are sealed when they are looked at. */
export interface Page {
  readonly nodes: Row[];
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
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
  /** Links of the rows that are read along. */
  readonly joined?: readonly JoinedLink[];
}

/** To what the cursors of a list are bound: who asks for which list of which parent. */
export const boundTo = (context: Context, spec: ListSpec, parent = ''): string =>
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

/** The statement of a list, apart from what its parents are. */
export interface ListParts {
  readonly size: number;
  /** The rows: a complete `select`. */
  readonly rows: SQL;
  readonly joining: Joining | null;
  readonly coordinates: readonly string[];
  /** No alternative reaches any row: there is nothing to ask. */
  readonly nothing: boolean;
}

/** Works out the statement of a list. `extra` is one more condition, `parent` whose list it is. */
export function listParts(
  context: Context,
  spec: ListSpec,
  args: PageArguments,
  requested: ReadonlySet<string>,
  extra: SQL | null,
  parent: string,
): ListParts {
  const size = pageSize(args.first, spec.most, spec.standard);
  const r = reading(context, spec.entity, requested, spec.needs);
  const order: OrderBy[] = [...spec.order, { value: spec.entity.key, type: 'uuid' }];
  const conditions = [
    r.visible,
    ...(spec.where ? [spec.where] : []),
    ...(extra ? [extra] : []),
    ...(args.after != null ? [afterCondition(context, spec, order, args.after, boundTo(context, spec, parent))] : []),
  ];
  const direction = spec.descending ? sql`desc` : sql`asc`;
  const position = sql.join(
    order.map((o) => sql`${o.value}::text`),
    sql`, `,
  );
  const sorted = sql.join(
    order.map((o) => sql`${o.value} ${direction}`),
    sql`, `,
  );
  const rows = sql`select ${r.columns}, array[${position}] as "$position" from ${spec.entity.from} ${r.join} where ${sql.join(conditions, sql` and `)} order by ${sorted} limit ${size + 1}`;
  const join = joining(context, spec.joined ?? [], r.names);
  return {
    size,
    rows: join ? sql`select found.*, row_number() over () as "$order" from (${rows}) found` : rows,
    joining: join,
    coordinates: r.coordinates,
    nothing: r.reach.length === 0,
  };
}

/** Rows as a page. `bound` is worked out when a cursor is looked at: most callers look at none. */
export function toPage(
  context: Context,
  rows: readonly Row[],
  { size, coordinates }: Pick<ListParts, 'size' | 'coordinates'>,
  bound: () => string,
  entered: boolean,
): Page {
  const kept = delivered(context, coordinates, rows.slice(0, size));
  const cursors: (string | undefined)[] = [];
  let to: string | undefined;
  const cursor = (n: number): string | null => {
    const row = kept[n];
    if (!row) return null;
    to ??= bound();
    cursors[n] ??= context.cursors.seal(row.$position, to);
    return cursors[n];
  };
  return {
    nodes: kept,
    edges: kept.map((node, n) => ({
      node,
      get cursor() {
        return cursor(n)!;
      },
    })),
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: entered,
      get startCursor() {
        return cursor(0);
      },
      get endCursor() {
        return cursor(kept.length - 1);
      },
    },
  };
}

/** One page of a list: one statement, by key, never by offset. */
export async function page(context: Context, spec: ListSpec, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> {
  const p = listParts(context, spec, args, requested, null, '');
  const statement = p.joining ? sql`select list.*${p.joining.columns} from (${p.rows}) list ${p.joining.joins}` : p.rows;
  const rows = p.nothing ? [] : await context.db.all<Row>(statement);
  const own = p.joining ? unjoin(context, p.joining, rows) : rows;
  return toPage(context, own, p, () => boundTo(context, spec), args.after != null);
}
