import { ApiError } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import { areaCode, joined, opposite } from '../area/conditions.ts';

/** Conditions on households, as the graph gives them. */
export interface HouseholdFilter {
  readonly area?: string | null;
  readonly sizeAtLeast?: number | null;
  readonly sizeAtMost?: number | null;
  readonly scoreBand?: readonly string[] | null;
  readonly and?: readonly HouseholdFilter[] | null;
  readonly or?: readonly HouseholdFilter[] | null;
  readonly not?: HouseholdFilter | null;
}

/** The SQL of a filter over the household `h`; undefined for none. Conditions that are null are refused. */
export function householdCondition(filter: HouseholdFilter | null | undefined): SQL | undefined {
  if (!filter) return undefined;
  if (Object.values(filter).some((v) => v === null))
    throw new ApiError('BAD_USER_INPUT', 'A condition of a filter may not be null: leave it out.', { argument: 'filter' });
  const c: SQL[] = [];
  if (filter.area != null) c.push(sql`h.area_path <@ ${areaCode(filter.area, 'filter.area')}::ltree`);
  if (filter.sizeAtLeast != null) c.push(sql`h.size >= ${filter.sizeAtLeast}::int`);
  if (filter.sizeAtMost != null) c.push(sql`h.size <= ${filter.sizeAtMost}::int`);
  if (filter.scoreBand) c.push(sql`h.score_band = any (${sql.param([...filter.scoreBand])}::text[])`);
  if (filter.and)
    c.push(
      joined(
        filter.and.map((f) => householdCondition(f) ?? sql`true`),
        'and',
      ),
    );
  if (filter.or)
    c.push(
      joined(
        filter.or.map((f) => householdCondition(f) ?? sql`true`),
        'or',
      ),
    );
  if (filter.not) c.push(opposite(householdCondition(filter.not) ?? sql`true`));
  return joined(c, 'and');
}
