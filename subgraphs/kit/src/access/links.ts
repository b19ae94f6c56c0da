import type { AccessUse, Alternative, Read } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../graph/context.ts';
import { type Entity, givesFreely } from './entity.ts';
import type { JoinedLink } from './joined.ts';
import { readsOf } from './needs.ts';
import type { ListSpec, OrderBy } from './page.ts';
import { alternativesFor, consentJoin, masked, type ScopeColumns, withinAny } from './sql.ts';

const reachOf = (context: Context, entity: Entity, needs: readonly Read[]): Alternative[] =>
  alternativesFor(context.catalog, context.decision, [entity.gate], 'READ').filter((a) => needs.every((n) => givesFreely(context, a, n)));

/** What the given arguments of a field read: their own reads and those of the inputs and enums below them. Arguments left out or null read nothing. */
export function argumentReads(context: Context, coordinate: string, args: Readonly<Record<string, unknown>>): Read[] {
  const known = context.catalog.fields.get(coordinate)?.args;
  return Object.entries(args).flatMap(([name, value]) => {
    const argument = known?.get(name);
    return !argument || value == null ? [] : [...argument.reads, ...readsOf(context, argument.type, value)];
  });
}

/**
 * What it takes to follow a field to a list of rows: only alternatives that give that field reach any row through it (it tells to whom the
 * rows belong), and where they ask for consent to its class, only rows whose person consents.
 */
export function followed(
  context: Context,
  entity: Entity,
  coordinate: string,
  more: readonly Read[] = [],
): { needs: Read[]; where: SQL | undefined } {
  const needs: Read[] = [{ field: coordinate, use: 'READ' }, ...more];
  const reach = reachOf(context, entity, needs);
  const accessClass = context.catalog.fields.get(coordinate)?.accessClass;
  const asksConsent = reach.some((a) => accessClass !== undefined && a.consentClasses.has(accessClass));
  return {
    needs,
    where: asksConsent
      ? (masked(context.catalog, context.decision, [coordinate], entity.scope, sql`true`, reach) ?? sql`false`)
      : undefined,
  };
}

/** An order by a value, where all alternatives that reach the list give that value to everybody alike; else no order but the random id: an order tells of what it reads. */
export function orderedBy(
  context: Context,
  entity: Entity,
  needs: readonly Read[],
  coordinate: string,
  order: readonly OrderBy[],
): readonly OrderBy[] {
  const field = context.catalog.fields.get(coordinate);
  const given = (a: Alternative) =>
    field !== undefined && givesFreely(context, a, { field: coordinate, use: 'READ' }) && !a.consentClasses.has(field.accessClass);
  return reachOf(context, entity, needs).every(given) ? order : [];
}

/** Conditions of a list joined; undefined where there is none. */
export function allOf(...conditions: readonly (SQL | undefined)[]): SQL | undefined {
  const given = conditions.filter((c) => c !== undefined);
  return given.length === 0 ? undefined : sql`(${sql.join(given, sql` and `)})`;
}

/** The list behind a field of a parent: followed, ordered if that is given, newest first if `descending`. */
export function childList(
  context: Context,
  entity: Entity,
  coordinate: string,
  list: {
    reads?: readonly Read[];
    where?: SQL | undefined;
    orderedBy?: string;
    order?: readonly OrderBy[];
    descending?: boolean;
    filter?: unknown;
    standard?: number;
    joined?: readonly JoinedLink[];
  },
): ListSpec {
  // Worked out when a statement is made from it: one that is kept needs nothing of it.
  let known: { needs: Read[]; where: SQL | undefined } | undefined;
  const follow = () => {
    known ??= followed(context, entity, coordinate, list.reads);
    return known;
  };
  return {
    name: coordinate,
    entity,
    get needs() {
      return follow().needs;
    },
    get where() {
      return allOf(follow().where, list.where);
    },
    get order() {
      return list.orderedBy ? orderedBy(context, entity, follow().needs, list.orderedBy, list.order ?? []) : (list.order ?? []);
    },
    joined: list.joined ?? [],
    descending: list.descending ?? false,
    filter: list.filter ?? null,
    ...(list.standard === undefined ? {} : { standard: list.standard }),
  };
}

/**
 * The rows from which an answer may be computed, for answers that are no column of a row: those that one alternative covers in all the given
 * respects, and gives the coordinates in. `join` brings the consent of `person` where one is asked for. Null when no alternative gives them.
 * `suits` is what else it takes of that same alternative.
 */
export function rowsGiving(
  context: Context,
  coordinates: readonly string[],
  use: AccessUse,
  respects: readonly [ScopeColumns, ...ScopeColumns[]],
  suits: (a: Alternative) => boolean = () => true,
): { condition: SQL; join: SQL } | null {
  const { catalog, decision } = context;
  const giving = alternativesFor(catalog, decision, coordinates, use).filter(suits);
  if (giving.length === 0) return null;
  const conditions = giving.map((a) => {
    const within = respects.map((columns) => withinAny([a], columns));
    const consent = masked(catalog, decision, coordinates, respects[0], sql`true`, [a], use) ?? sql`false`;
    return sql`(${sql.join([...within, consent], sql` and `)})`;
  });
  return { condition: sql`(${sql.join(conditions, sql` or `)})`, join: consentJoin(decision, giving, respects[0].person) };
}
