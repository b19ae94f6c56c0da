import { type Context, givesFreely, Refused, type Written, withinAny, writeOnce, writingAlternatives } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { addEvent, endGrantOf } from './consent-state.ts';
import { c, consentEntity, statusNow } from './record.entity.ts';
import type { WrittenConsent } from './record-consent.ts';
import { lockPerson, NO_SUCH_CONSENT, orRefuse } from './writable.ts';

/** Withdraws a consent that is in force. It opens nothing any more from the moment this is committed. */
export async function withdrawConsent(context: Context, key: string, reference: string): Promise<Written<WrittenConsent>> {
  // The answer tells of the consent that was named: that takes the right to know of it, in the same rows.
  const writing = writingAlternatives(context, 'consent.withdraw', ['ConsentRecord.status']).filter((a) =>
    givesFreely(context, a, { field: 'ConsentRecord.id', use: 'READ' }),
  );
  return writeOnce(context, 'withdrawConsent', key, { consent: reference }, undefined, async (db) => {
    const { id, owner } = orRefuse(context.refs.decode('con', reference), NO_SUCH_CONSENT);
    const person = owner ?? '';
    orRefuse(await lockPerson(context, db, writing, person), NO_SUCH_CONSENT);
    const entity = consentEntity(context);
    const rows = await db.all<{ status: string }>(
      sql`select ${statusNow} as status from ${entity.from} where ${c.personId} = ${person} and ${c.consentId} = ${id} and ${withinAny(
        writing.filter((a) => !a.rows.consentForRows),
        entity.scope,
      )}`,
    );
    const { status } = orRefuse(rows[0], NO_SUCH_CONSENT);
    if (status !== 'GIVEN')
      throw new Refused({
        code: 'NOT_ALLOWED_NOW',
        message: 'Only a consent that is in force can be withdrawn.',
        path: ['input', 'consent'],
      });
    await addEvent(db, { person, consent: id }, 'WITHDRAWN', `${context.principal.consumer}:${context.principal.user}`);
    await endGrantOf(db, { person, consent: id });
    return { id, owner: person };
  });
}
