import { randomUUID } from 'node:crypto';
import { type Context, type Db, Refused, type Written, writeOnce, writingAlternatives, writtenBy } from '@commonweal/kit';
import { type Alternative, categoriesToMask } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import { type CurrentAgreement, currentAgreement } from '../agreement/agreement.repository.ts';
import { type ConsentTerms, faultsOf } from './consent-rules.ts';
import { addEvent, endGrant } from './consent-state.ts';
import { consentGrant, consentRecord } from './record.table.ts';
import { lockPerson, NO_SUCH_PERSON, orRefuse } from './writable.ts';

/** The input of `recordConsent`. */
export interface RecordConsentInput extends ConsentTerms {
  readonly person?: string | null;
  readonly agreement: string;
}

/** A consent as a write answers with it. */
export type WrittenConsent = { readonly id: string; readonly owner: string };

/** Records a consent that was given or refused. The newest for a person, recipient and purpose decides; what held before is withdrawn. */
export async function recordConsent(context: Context, key: string, input: RecordConsentInput): Promise<Written<WrittenConsent>> {
  const writing = writingAlternatives(context, 'consent.record', writtenBy(context, 'RecordConsentInput', { ...input }));
  return writeOnce(context, 'recordConsent', key, input, undefined, async (db) => {
    const agreement = await currentAgreement(db, input.agreement);
    const faults = faultsOf(input, agreement, bySelf(writing), new Date());
    if (!agreement || faults.length > 0) throw new Refused(...faults);
    const person = orRefuse(subjectOf(context, writing, input.person), NO_SUCH_PERSON);
    const { area } = orRefuse(await lockPerson(context, db, writing, person), NO_SUCH_PERSON);
    return write(context, db, input, agreement, person, area);
  });
}

/** Whether the caller may write about themselves only. */
const bySelf = (writing: readonly Alternative[]) => writing.every((a) => a.rows.self !== null);

/** Internal id of the person named; of the caller, who may be named by nothing. */
function subjectOf(context: Context, writing: readonly Alternative[], reference: string | null | undefined): string | null {
  if (reference != null) return context.refs.decode('per', reference)?.id ?? null;
  if (bySelf(writing)) return context.principal.person;
  throw new Refused({ code: 'INVALID', message: 'The person is needed.', path: ['input', 'person'] });
}

async function write(
  context: Context,
  db: Db,
  input: RecordConsentInput,
  agreement: CurrentAgreement,
  person: string,
  area: string,
): Promise<WrittenConsent> {
  const consent = randomUUID();
  const { consumer, user } = context.principal;
  const actor = `${consumer}:${user}`;
  const mask = categoriesToMask(input.categories);
  const until = input.validUntil ?? null;
  // Paper stays with whoever took it; the request leads to them.
  const evidence = input.method === 'PAPER' ? `paper kept by ${consumer}, request ${context.requestId}` : null;
  await db.all(sql`
    insert into ${consentRecord} (person_id, consent_id, area_path, agreement_code, agreement_version, agreement_hash, recipient_id, purpose_id, categories, given_by, giver_id,
      method, evidence, valid_from, valid_until, recorded_at)
    values (${person}, ${consent}, ${area}::ltree, ${agreement.code}, ${agreement.version}, ${agreement.hash}, ${input.recipient}, ${input.purpose}, ${mask}, ${input.givenBy},
      ${input.givenBy === 'SELF' ? person : null}, ${input.method}, ${evidence}, now(), ${until}::text::timestamptz, clock_timestamp())`);
  const replaced = await endGrant(db, person, input.recipient, input.purpose);
  if (replaced) await addEvent(db, { person, consent: replaced }, 'WITHDRAWN', actor);
  await addEvent(db, { person, consent }, input.status === 'GIVEN' ? 'GIVEN' : 'REFUSED', actor);
  if (input.status === 'GIVEN') {
    await db.all(sql`
      insert into ${consentGrant} (person_id, recipient_id, purpose_id, consent_id, categories, valid_from, valid_until)
      values (${person}, ${input.recipient}, ${input.purpose}, ${consent}, ${mask}, now(), ${until}::text::timestamptz)`);
  }
  return { id: consent, owner: person };
}
