import { type Context, consentJoin, type Db, Refused, withinAny } from '@commonweal/kit';
import type { Alternative } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import { personEntity, s } from './record.entity.ts';
import { subject } from './record.table.ts';

/** One text for a person who is absent and one who is out of scope. */
export const NO_SUCH_PERSON = { code: 'NOT_AVAILABLE', message: 'There is no such person.', path: ['input', 'person'] } as const;
/** One text for a consent that is absent and one that is out of scope. */
export const NO_SUCH_CONSENT = { code: 'NOT_AVAILABLE', message: 'There is no such consent.', path: ['input', 'consent'] } as const;

/**
 * Finds a person whom the caller may write about, and makes other writes about the same person wait until this one is committed:
 * what holds follows from the order of the consents. Gives the person's area, or null when absent or out of scope.
 */
export async function lockPerson(
  context: Context,
  db: Db,
  writing: readonly Alternative[],
  person: string,
): Promise<{ area: string } | null> {
  const rows = await db.all<{ area: string }>(sql`
    select ${s.areaPath}::text as area from ${subject} as s ${consentJoin(context.decision, writing, sql`${s.personId}`)}
    where ${s.personId} = ${person} and ${withinAny(writing, personEntity.scope)} for no key update of s`);
  return rows[0] ?? null;
}

/** Refuses the write as a whole when a person or consent was not found. */
export function orRefuse<T>(found: T | null | undefined, refusal: typeof NO_SUCH_PERSON | typeof NO_SUCH_CONSENT): T {
  if (found == null) throw new Refused(refusal);
  return found;
}
