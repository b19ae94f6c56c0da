import { randomUUID } from 'node:crypto';
import type { Db } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { consentEvent, consentGrant } from './record.table.ts';

/** A consent by its person and id. */
export interface ConsentKey {
  readonly person: string;
  readonly consent: string;
}

/**
 * Notes what became of a consent. The clock is read, not the start of the transaction: of two writes about one person the second waits,
 * and must come out later.
 */
export async function addEvent(
  db: Db,
  { person, consent }: ConsentKey,
  status: 'GIVEN' | 'REFUSED' | 'WITHDRAWN',
  actor: string,
): Promise<void> {
  await db.all(
    sql`insert into ${consentEvent} (person_id, consent_id, event_id, status, actor, at) values (${person}, ${consent}, ${randomUUID()}, ${status}, ${actor}, clock_timestamp())`,
  );
}

/** Ends what holds for a person, recipient and purpose, and says of which consent it came. */
export async function endGrant(db: Db, person: string, recipient: string, purpose: string): Promise<string | null> {
  const rows = await db.all<{ consent: string }>(sql`
    update ${consentGrant} set withdrawn_at = now() where person_id = ${person} and recipient_id = ${recipient} and purpose_id = ${purpose} and withdrawn_at is null
    returning consent_id as consent`);
  return rows[0]?.consent ?? null;
}

/** Ends what holds because of one consent. A newer consent that took its place stays. */
export async function endGrantOf(db: Db, { person, consent }: ConsentKey): Promise<void> {
  await db.all(
    sql`update ${consentGrant} set withdrawn_at = now() where person_id = ${person} and consent_id = ${consent} and withdrawn_at is null`,
  );
}
