import { type AccessUse, type Alternative, type Catalog, consentBit, type Decision, gives } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';

/**
 * Columns that say whose a row is. What a table does not have is left out: an alternative that is confined in that respect
 * then covers none of its rows. (A table that does not know the programs of its persons must learn them, not show all.)
 */
export interface ScopeColumns {
  /** The row is about no person (a program): only whether its program is sensitive narrows it. */
  readonly public?: boolean;
  /** The person the row is about. */
  readonly person?: SQL;
  /** The persons the row is about, as an array (a household's members). */
  readonly members?: SQL;
  readonly area?: SQL;
  /** One program, and whether it is sensitive. */
  readonly program?: { readonly id: SQL; readonly sensitive: SQL };
  /** The programs that know of the person or household, as an array. */
  readonly programs?: SQL;
  readonly provider?: SQL;
  readonly providers?: SQL;
}

const uuids = (ids: readonly string[]) => sql`${sql.param([...ids])}::uuid[]`;
/** One of some ids. A single one is compared by `=`, so that an index that begins with the column gives its rows in their order. */
const oneOf = (column: SQL, ids: readonly string[]) =>
  ids.length === 1 ? sql`${column} = ${ids[0]}::uuid` : sql`${column} = any (${uuids(ids)})`;
/**
 * Whether an area lies within another. As a function and not by `<@`: under row-level security the planner may not look at statistics for that
 * operator and takes one row of a hundred for covered, so that it sorts the whole table for a page instead of walking an index.
 */
export const areaWithin = (area: SQL, above: string) => sql`ltree_isparent(${above}::ltree, ${area})`;
const TRUE = sql`true`;
const FALSE = sql`false`;
const all = (parts: SQL[]) => (parts.length === 0 ? TRUE : sql`(${sql.join(parts, sql` and `)})`);
const any = (parts: SQL[]) => (parts.length === 0 ? FALSE : parts.length === 1 ? parts[0]! : sql`(${sql.join(parts, sql` or `)})`);

/** Whether a row is within the rows of one alternative. Needs `consentJoin` in the statement where consent makes rows. */
function withinRows(a: Alternative, c: ScopeColumns): SQL {
  const { rows } = a;
  if (c.public) return c.program ? sql`(not ${c.program.sensitive} or ${c.program.id} = any (${uuids(rows.programs)}))` : TRUE;
  if (rows.self !== null) {
    if (!/^[0-9a-f-]{36}$/.test(rows.self)) return FALSE;
    if (c.person) return sql`${c.person} = ${rows.self}::uuid`;
    return c.members ? sql`${rows.self}::uuid = any (${c.members})` : FALSE;
  }
  const parts: SQL[] = [];
  // The empty path would be above all others.
  parts.push(c.area ? any(rows.areas.filter((x) => x !== '').map((x) => areaWithin(c.area!, x))) : FALSE);
  if (c.program) {
    const listed = oneOf(c.program.id, rows.programs);
    parts.push(rows.allOrdinaryPrograms ? sql`(not ${c.program.sensitive} or ${listed})` : listed);
  } else if (!rows.allOrdinaryPrograms) parts.push(c.programs ? sql`${c.programs} && ${uuids(rows.programs)}` : FALSE);
  if (!rows.allProviders) {
    if (c.provider) parts.push(oneOf(c.provider, rows.providers));
    else parts.push(c.providers ? sql`${c.providers} && ${uuids(rows.providers)}` : FALSE);
  }
  if (rows.consentForRows) parts.push(sql`consented.categories is not null`);
  return all(parts);
}

/** Alternatives that give all of some coordinates for a use. */
export function alternativesFor(catalog: Catalog, decision: Decision, coordinates: readonly string[], use: AccessUse): Alternative[] {
  const fields = coordinates.map((c) => catalog.fields.get(c));
  if (fields.some((f) => f === undefined)) return [];
  return decision.alternatives.filter((a) => fields.every((f) => gives(a, f!, use === 'READ' ? f!.use : use)));
}

/** Whether a row may be known of at all: one of the alternatives covers it. */
export const withinAny = (alternatives: readonly Alternative[], columns: ScopeColumns): SQL =>
  any(alternatives.map((a) => withinRows(a, columns)));

/** Whether the person's consent, where an alternative needs one for these coordinates, covers them. */
function consented(catalog: Catalog, a: Alternative, coordinates: readonly string[]): SQL | null {
  const classes = new Set(coordinates.map((c) => catalog.fields.get(c)!.accessClass).filter((c) => a.consentClasses.has(c)));
  if (classes.size === 0) return null;
  const bits = [...classes].reduce((m, c) => m | consentBit(c), 0);
  return bits === 0 ? FALSE : sql`coalesce(consented.categories, 0) & ${bits}::int = ${bits}::int`;
}

/**
 * The value of a column where the decision gives it, else null: chosen row by row in the database, so that what may not be seen never leaves it.
 * `reach` are the alternatives by which the row itself is visible. Null (no SQL) when no alternative gives the coordinates: then the column is not named at all.
 */
export function masked(
  catalog: Catalog,
  decision: Decision,
  coordinates: readonly string[],
  columns: ScopeColumns,
  value: SQL,
  reach: readonly Alternative[],
  use: AccessUse = 'READ',
): SQL | null {
  const giving = alternativesFor(catalog, decision, coordinates, use).filter((a) => reach.includes(a));
  if (giving.length === 0) return null;
  const wholeReach = giving.length === reach.length;
  const conditions = giving.map((a) => {
    const consent = consented(catalog, a, coordinates);
    // Where every alternative that makes the row visible gives the value too, the row's own condition says enough.
    if (wholeReach && reach.length === 1) return consent ?? TRUE;
    return all([withinRows(a, columns), ...(consent ? [consent] : [])]);
  });
  if (conditions.some((c) => c === TRUE)) return value;
  return sql`case when ${any(conditions)} then ${value} end`;
}

/** Whether any alternative asks for consent, for the row or for a class. */
export const needsConsent = (alternatives: readonly Alternative[]): boolean =>
  alternatives.some((a) => a.rows.consentForRows || a.consentClasses.size > 0);

/** The join that brings the categories a person consents to now, for this consumer and purpose or one above it, as `consented.categories`. */
export function consentJoin(decision: Decision, alternatives: readonly Alternative[], person: SQL | undefined): SQL {
  if (!needsConsent(alternatives)) return sql``;
  if (!person) return sql`cross join lateral (select null::int as categories) consented`;
  return sql`left join lateral (
    select bit_or(g.categories) as categories from consent.active_grant g
    where g.person_id = ${person} and g.recipient_id = ${decision.consumer} and g.purpose_id = any (${sql.param([...decision.purposes])}::text[])
  ) consented on true`;
}
