import { ApiError } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';

/** Conditions joined; none of an `or` is no row, none of an `and` is every row. */
export const joined = (conditions: SQL[], by: 'and' | 'or'): SQL =>
  conditions.length === 0 ? (by === 'and' ? sql`true` : sql`false`) : sql`(${sql.join(conditions, by === 'and' ? sql` and ` : sql` or `)})`;

/** What does not hold: also where a value is not known, so that a condition and its opposite are all rows between them. */
export const opposite = (condition: SQL): SQL => sql`(${condition}) is not true`;

/** Whether a text can be the code of an area. */
export const isAreaCode = (code: string): boolean => /^[A-Za-z0-9_]{1,32}(\.[A-Za-z0-9_]{1,32}){0,7}$/.test(code);

/** Refuses a text that cannot be the code of an area, before it reaches the database. */
export function areaCode(code: string, argument: string): string {
  if (!isAreaCode(code)) throw new ApiError('BAD_USER_INPUT', 'This is no area code. An area code looks like KE.23.', { argument });
  return code;
}
