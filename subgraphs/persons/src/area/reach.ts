import type { Db } from '@commonweal/kit';
import type { Alternative } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import { refuse } from '../faults.ts';
import { isAreaCode } from './conditions.ts';

/** Refuses, alike, an area that does not exist and one that no alternative covers. */
export async function areaToWriteIn(db: Db, alternatives: readonly Alternative[], code: string): Promise<void> {
  const covered = alternatives.some((a) => a.rows.self === null && a.rows.areas.some((x) => code === x || code.startsWith(`${x}.`)));
  const known = isAreaCode(code) && (await db.all(sql`select 1 from area where path = ${code}::text::ltree`)).length > 0;
  if (!known || !covered) refuse('NOT_AVAILABLE', 'There is no such area, or none in which you register.', 'area');
}
