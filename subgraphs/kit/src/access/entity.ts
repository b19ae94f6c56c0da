import { type Alternative, ApiError, gives, type Read } from '@commonweal/schema';
import DataLoader from 'dataloader';
import { type SQL, sql } from 'drizzle-orm';
import { type Compiled, compile, filled, slot } from '../db/statement.ts';
import type { Context } from '../graph/context.ts';
import { givenIn, referring } from './known.ts';
import { alternativesFor, consentJoin, masked, type ScopeColumns } from './sql.ts';

/** How one type of row is read. All that a registry gives of its tables goes through here. */
export interface Entity {
  /** Type in the graph. */
  readonly type: string;
  /** Table with its alias, as in `person p`. */
  readonly from: SQL;
  /** Column of the row's id. */
  readonly key: SQL;
  /** Column of the person who owns the row, for rows that are found by person and id; it is their distribution column. */
  readonly owner?: SQL;
  /** Coordinate whose right makes the row known of. The type's `id` where it has one. */
  readonly gate: string;
  readonly scope: ScopeColumns;
  /** Columns that a row always carries, for links; never given as such. `$persons`: all whom the row is about, for the audit record. */
  readonly hidden?: Readonly<Record<string, SQL>>;
  /** For parts that a row may lack (`amount` of `amount.currency`): whether it has it. A part that is not named here is always there. */
  readonly parts?: Readonly<Record<string, SQL>>;
  /** The fields that have a value of their own, by path: `sex`, `name.surname`. */
  readonly fields: Readonly<Record<string, SQL>>;
  /**
   * Fields that lead to what another registry owns, with the coordinate of the reference there. Who asks for nothing but the reference is answered here, and
   * that registry is never asked: so the field is given only in rows in which that coordinate is given too, by the same policy or another.
   */
  readonly links?: Readonly<Record<string, string>>;
}

/** A row as read: fields by path, besides `$key`, `$person` and the hidden columns. */
export type Row = Record<string, unknown> & { readonly $key: string; readonly $person: string | null };

/** The coordinates that a path crosses: `name.surname` -> Person.name, PersonName.surname. */
export function coordinatesOf(context: Context, type: string, path: string): string[] {
  const coordinates: string[] = [];
  let at = type;
  for (const step of path.split('.')) {
    const field = context.catalog.types.get(at)?.fields.get(step);
    if (!field) throw new Error(`${type} has no field ${path}`);
    coordinates.push(field.coordinate);
    at = field.type;
  }
  return coordinates;
}

/** A prepared read: which columns, under which alternatives. */
export interface Reading {
  readonly columns: SQL;
  /** Names of the columns, in order. */
  readonly names: readonly string[];
  readonly reach: readonly Alternative[];
  /** Whether the row may be known of. */
  readonly visible: SQL;
  readonly join: SQL;
  readonly coordinates: readonly string[];
}

const GIVEN = '$given';
const partsOf = (entity: Entity): Set<string> =>
  new Set(Object.keys(entity.fields).flatMap((path) => (path.includes('.') ? [path.slice(0, path.indexOf('.'))] : [])));

/**
 * Works out the SELECT list and the WHERE of an entity for the fields asked for: only what is asked for and given.
 * `needs` are what the list is filtered and ordered by: only alternatives that give all of it reach any row, since a condition tells of what it reads.
 */
export function reading(context: Context, entity: Entity, requested: ReadonlySet<string>, needs: readonly Read[] = []): Reading {
  const { catalog, decision } = context;
  const reach = alternativesFor(catalog, decision, [entity.gate], 'READ').filter((a) => needs.every((n) => givesFreely(context, a, n)));
  const selected: [name: string, value: SQL][] = [
    ['$key', entity.key],
    ['$person', entity.owner ?? entity.scope.person ?? sql`null::uuid`],
    ...Object.entries(entity.hidden ?? {}),
  ];
  const coordinates = new Set<string>([entity.gate]);
  const joined = [...reach];
  const select = (path: string, crossed: readonly string[], value: SQL) => {
    const column = masked(catalog, decision, crossed, entity.scope, value, reach);
    if (!column) return;
    selected.push([path, column]);
    for (const c of crossed) coordinates.add(c);
  };
  for (const path of partsOf(entity)) {
    // Whether the part may be given in this row: without it the part is null as a whole, with it an object even when nothing in it is asked for.
    if (requested.has(path)) select(`${path}.${GIVEN}`, coordinatesOf(context, entity.type, path), entity.parts?.[path] ?? sql`true`);
  }
  for (const [path, value] of Object.entries(entity.fields)) {
    if (!requested.has(path)) continue;
    const crossed = coordinatesOf(context, entity.type, path);
    const target = entity.links?.[path];
    if (target === undefined) select(path, crossed, value);
    else {
      const { condition, asked } = referring(context, entity, crossed, target, reach);
      select(path, crossed, condition === null ? value : sql`case when ${condition} then ${value} end`);
      joined.push(...asked);
    }
  }
  return {
    columns: sql.join(
      selected.map(([name, value]) => sql`${value} as ${sql.identifier(name)}`),
      sql`, `,
    ),
    names: selected.map(([name]) => name),
    reach,
    visible: givenIn(context, entity, entity.gate, reach),
    join: consentJoin(decision, joined, entity.scope.person),
    coordinates: [...coordinates],
  };
}

/** Whether an alternative gives a use of a coordinate without asking for consent row by row: a condition on a value that needs consent would tell it. */
export function givesFreely(context: Context, a: Alternative, read: Read): boolean {
  const field = context.catalog.fields.get(read.field);
  return field !== undefined && gives(a, field, read.use) && !(read.use !== 'READ' && a.consentClasses.has(field.accessClass));
}

/** Notes rows in the audit report and turns paths into objects: `name.surname` -> { name: { surname } }. */
export function delivered<T extends Row>(context: Context, coordinates: readonly string[], rows: readonly T[]): T[] {
  context.report.gave(
    rows.flatMap((r) => (r.$persons as string[] | undefined) ?? (r.$person ? [r.$person] : [])),
    rows.length > 0 ? coordinates : [],
    rows.length,
  );
  return rows.map(nest);
}

function nest<T extends Row>(row: T): T {
  const nested: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(row)) {
    const dot = path.indexOf('.');
    if (dot < 0) {
      nested[path] ??= value;
      continue;
    }
    const part = path.slice(0, dot);
    nested[part] = row[`${part}.${GIVEN}`] === true ? { ...(nested[part] as object | undefined), [path.slice(dot + 1)]: value } : null;
  }
  return nested as T;
}

/** The key under which a row is loaded: its id, and its owner where rows are found by both. */
export interface RowKey {
  readonly id: string;
  readonly owner: string | null;
}

const names = new WeakMap<ReadonlySet<string>, string>();
/** Fields asked for, as one text, the same in whatever order they were asked for. */
export function nameOf(requested: ReadonlySet<string>): string {
  const name = names.get(requested) ?? [...requested].sort().join(',');
  names.set(requested, name);
  return name;
}

/**
 * What is worked out once for a decision and kept from one request to the next: above all texts of statements. Callers who are given the same share it:
 * a decision's digest covers all that a statement is made from. `name` must say the rest.
 */
export const keptFor = <T extends object>(context: Context, name: string, make: () => T): T =>
  context.shapes.getOrMake(`${context.decision.digest} ${name}`, make) as T;

/** A loader of rows, and which of them another statement brought along. */
interface Loader {
  readonly load: DataLoader<RowKey, Row | null, string>;
  readonly primed: Set<string>;
}

/** A loader of rows of an entity with certain fields, by key: one statement a batch, null for what is absent or out of scope. */
export const entityLoader = (context: Context, entity: Entity, requested: ReadonlySet<string>): DataLoader<RowKey, Row | null, string> =>
  loaderOf(context, entity, requested).load;

/** Gives the loader of an entity a row that was read along with another one, or null for one that may not be known of. Without effect for a row it has. */
export function prime(
  context: Context,
  entity: Entity,
  requested: ReadonlySet<string>,
  coordinates: readonly string[],
  id: string,
  row: Row | null,
): void {
  const { load, primed } = loaderOf(context, entity, requested);
  if (primed.has(id)) return;
  primed.add(id);
  load.prime({ id, owner: null }, row && delivered(context, coordinates, [row])[0]!);
}

function loaderOf(context: Context, entity: Entity, requested: ReadonlySet<string>): Loader {
  const name = `${entity.type}:${nameOf(requested)}`;
  const known = context.loaders.get(name) as Loader | undefined;
  if (known) return known;
  const load = new DataLoader<RowKey, Row | null, string>(
    async (keys) => {
      const { statement, coordinates } = keptFor(context, `rows ${name}`, () => loading(context, entity, requested));
      if (statement === null) return keys.map(() => null);
      const given = { ids: keys.map((k) => k.id), owners: keys.map((k) => k.owner) };
      const byId = new Map((await context.db.all<Row>(filled(statement, given))).map((row) => [row.$key, row]));
      const rows = new Map(delivered(context, coordinates, [...byId.values()]).map((row) => [row.$key, row]));
      return keys.map((k) => rows.get(k.id) ?? null);
    },
    { cacheKeyFn: (k) => k.id, maxBatchSize: 1000 },
  );
  const loader = { load, primed: new Set<string>() };
  context.loaders.set(name, loader);
  return loader;
}

function loading(
  context: Context,
  entity: Entity,
  requested: ReadonlySet<string>,
): { statement: Compiled | null; coordinates: readonly string[] } {
  const r = reading(context, entity, requested);
  if (r.reach.length === 0) return { statement: null, coordinates: [] };
  const found = sql`select ${r.columns} from ${entity.from} ${r.join} where ${keyCondition(entity)} and ${r.visible}`;
  return { statement: compile(found, 'by key'), coordinates: r.coordinates };
}

function keyCondition(entity: Entity): SQL {
  const ids = sql`${slot('ids')}::uuid[]`;
  if (!entity.owner) return sql`${entity.key} = any (${ids})`;
  return sql`(${entity.owner}, ${entity.key}) in (select * from unnest(${slot('owners')}::uuid[], ${ids}))`;
}

/** Checks the size of a page. */
export function pageSize(first: number | null | undefined, most = 100, standard = 20): number {
  const n = first ?? standard;
  if (!Number.isInteger(n) || n < 1 || n > most)
    throw new ApiError('BAD_USER_INPUT', `first must be between 1 and ${most}.`, { argument: 'first' });
  return n;
}
