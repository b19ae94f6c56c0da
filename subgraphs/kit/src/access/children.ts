import { ApiError } from '@commonweal/schema';
import DataLoader from 'dataloader';
import { type SQL, sql } from 'drizzle-orm';
import { type Compiled, compile, filled, slot } from '../db/statement.ts';
import type { Context } from '../graph/context.ts';
import { keptFor, nameOf, type Row, type RowKey } from './entity.ts';
import { type Joining, joinedName, unjoin } from './joined.ts';
import { boundTo, type ListSpec, listParts, type Page, type PageArguments, toPage } from './page.ts';

/** A row of a list that many parents have. */
type ChildRow = Row & { readonly $parent: string };

/** The statement of a list that many parents have, with places for the parents. */
interface Shape {
  readonly size: number;
  readonly coordinates: readonly string[];
  readonly joining: Joining | null;
  readonly statement: Compiled | null;
}

/** Longest filter, as text, for which a statement is kept: what callers make up is not worth keeping. */
const SHORT = 200;

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
  const owned = typeof parent !== 'string' && parent.owner !== null;
  if (owned && !spec.entity.owner) throw new Error(`${spec.name}: the rows of ${spec.entity.type} name no owner`);
  const asked = JSON.stringify([spec.name, owned, spec.filter ?? null, args.first ?? null, args.after ?? null]);
  const name = `page ${asked} ${nameOf(requested)} ${joinedName(spec.joined ?? [])}`;
  let loader = context.loaders.get(name) as DataLoader<RowKey, Page, string> | undefined;
  if (!loader) {
    loader = new DataLoader<RowKey, Page, string>(
      async (parents) => {
        if (parents.length > 1 && args.after != null)
          throw new ApiError('INVALID_CURSOR', 'A cursor belongs to one list: ask for one object at a time.', { argument: 'after' });
        const make = () => shapeOf(context, spec, parentColumn, owned, args, requested, args.after != null ? parents[0]!.id : '');
        const shape = args.after == null && asked.length <= SHORT ? keptFor(context, name, make) : make();
        const rows = shape.statement === null ? [] : await context.db.all<ChildRow>(statementFor(shape.statement, parents));
        const byParent = Map.groupBy(shape.joining ? unjoin(context, shape.joining, rows) : rows, (row) => row.$parent);
        return parents.map(({ id }) =>
          toPage(context, byParent.get(id) ?? [], shape, () => boundTo(context, spec, id), args.after != null),
        );
      },
      { cacheKeyFn: (k) => k.id },
    );
    context.loaders.set(name, loader);
  }
  return loader.load(typeof parent === 'string' ? { id: parent, owner: null } : parent);
}

const statementFor = (statement: Compiled, parents: readonly RowKey[]) =>
  filled(statement, { ids: parents.map((k) => k.id), owners: parents.map((k) => k.owner) });

function shapeOf(
  context: Context,
  spec: ListSpec,
  parentColumn: SQL,
  owned: boolean,
  args: PageArguments,
  requested: ReadonlySet<string>,
  cursorOf: string,
): Shape {
  const ofParent = owned ? sql`${spec.entity.owner!} = parent.owner and ${parentColumn} = parent.id` : sql`${parentColumn} = parent.id`;
  const { size, rows, joining, coordinates, nothing } = listParts(context, spec, args, requested, ofParent, cursorOf);
  if (nothing) return { size, coordinates, joining: null, statement: null };
  const ids = sql`${slot('ids')}::uuid[]`;
  const parents = owned ? sql`unnest(${ids}, ${slot('owners')}::uuid[]) as parent(id, owner)` : sql`unnest(${ids}) as parent(id)`;
  const found = sql`select parent.id as "$parent", list.*${joining?.columns} from ${parents} cross join lateral (${rows}) list ${joining?.joins}`;
  return { size, coordinates, joining, statement: compile(found, 'by key') };
}
