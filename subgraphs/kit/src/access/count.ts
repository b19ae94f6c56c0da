import type { Read } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../graph/context.ts';
import { type Entity, givesFreely } from './entity.ts';
import type { Page } from './page.ts';
import { consentJoin, withinAny } from './sql.ts';

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

/** A page with what counts all of its list, or only that when no rows were asked for. The count is taken when `totalCount` is asked for. */
export interface CountedPage extends Partial<Page> {
  readonly counted: () => Promise<number | null>;
}

/** The resolver of `totalCount` of a counted page. */
export const totalCount = (page: Partial<CountedPage>): Promise<number | null> | null => page.counted?.() ?? null;
