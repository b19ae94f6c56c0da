import { alternativesFor, type Compiled, type Context, compile, type Db, filled, keptFor, slot, withinAny } from '@commonweal/kit';
import type { Alternative } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import { personEntity } from '../person/person.entity.ts';

/** Attempts that were not answered with ACTIVE after which a number is locked, and for how long they count. Over all providers together. */
export const ATTEMPTS = 3;
const WINDOW_HOURS = 24;

/** Attempts on one number come one after another, so that a burst of them cannot pass the count. */
const QUEUE = compile(sql`select pg_advisory_xact_lock(hashtextextended(${slot('number')}, 1))`, 'by key');

/** What is presented with a number; null for a detail that is not. */
export interface Presented {
  readonly hash: Buffer;
  readonly birthDate: string | null;
  readonly surname: string | null;
  readonly program: string;
}

/** What is known of an attempt when it is made. */
export interface Attempt {
  readonly person_id: string | null;
  readonly matched: boolean;
  /** Attempts on this number before it that count. */
  readonly tries: string;
}

/** The alternatives under which a caller may have these details compared. */
export const verifying = ({ catalog, decision }: Context, given: readonly string[]): Alternative[] =>
  alternativesFor(catalog, decision, ['Identifier.type', 'Identifier.value', ...given], 'VERIFY').filter((a) =>
    a.actions.has('beneficiary.verify'),
  );

/**
 * Looks for the person and notes the attempt, in one statement. The same statement runs, and the same row is written, for a number that nobody has, a person out
 * of reach, wrong details and right ones. Each attempt counts; `confirm` takes one back. The first that is refused because the number is locked tells the person,
 * and for a number of nobody an event of nobody is written, so that both take as long.
 */
export async function attempt(
  context: Context,
  reach: readonly Alternative[],
  presented: Presented,
  ids: { reference: string; event: string; nobody: string },
): Promise<Attempt> {
  const { hash, birthDate, surname, program } = presented;
  const name = `verify ${birthDate === null ? '' : 'birthDate'} ${surname === null ? '' : 'surname'}`;
  const { statement } = keptFor(context, name, () => ({ statement: compiledFor(context, reach, presented) }));
  const [found] = await context.db.writeAlone<Attempt>(
    filled(QUEUE, { number: hash.toString('hex') }),
    filled(statement, { hash, birthDate, surname, program, ...ids }),
  );
  return found!;
}

function compiledFor(context: Context, reach: readonly Alternative[], { birthDate, surname }: Presented): Compiled {
  const hash = sql`${slot('hash')}::bytea`;
  const details: SQL[] = [
    ...(birthDate === null ? [] : [sql`p.birth_date = ${slot('birthDate')}::text::date`]),
    ...(surname === null ? [] : [sql`p.surname_key = ${slot('surname')}::text`]),
  ];
  return compile(
    sql`
    with seen as materialized (
      select p.person_id, coalesce(p.person_id is not null and ${sql.join(details, sql` and `)}, false) as matched,
        (select count(*) from verification v where v.subject_hash = ${hash} and not v.confirmed and v.attempted_at > now() - make_interval(hours => ${WINDOW_HOURS}::int)) as tries
      from (select 1) one
      left join identifier_key k on k.value_hash = ${hash}
      left join person p on p.person_id = k.person_id and p.status = 'ACTIVE' and ${withinAny(reach, personEntity.scope)}
    ), noted as (
      insert into verification (subject_hash, reference, consumer_id, program_code)
      select ${hash}, ${slot('reference')}::uuid, ${context.principal.consumer}::text, ${slot('program')}::text from seen where tries <= ${ATTEMPTS}::int
    ), told as (
      insert into outbox (event_id, type, subject, payload)
      select ${slot('event')}::uuid, 'verification.locked', coalesce(person_id, ${slot('nobody')}::uuid), jsonb_build_object('attempts', ${ATTEMPTS}::int)
      from seen where tries = ${ATTEMPTS}::int
    )
    select person_id, matched, tries from seen`,
    'by key',
  );
}

/** How an attempt is named between the registries: hash of the number (base64url) and reference. */
export type AttemptName = readonly [hash: string, reference: string];

const isName = (item: unknown): item is AttemptName => Array.isArray(item) && item.length === 2 && item.every((x) => typeof x === 'string');

const TAKE_BACK = compile(
  sql`
  update verification v set confirmed = true from unnest(${slot('hashes')}::text[], ${slot('references')}::uuid[]) as a (hash, reference)
  where v.subject_hash = decode(a.hash, 'hex') and v.reference = a.reference`,
  'by key',
);

/** Takes back attempts that were answered with ACTIVE. */
export async function confirm(db: Db, items: unknown): Promise<void> {
  const names = Array.isArray(items) ? items.filter(isName) : [];
  if (names.length === 0) return;
  const hashes = names.map(([hash]) => Buffer.from(hash, 'base64url').toString('hex'));
  await db.all(filled(TAKE_BACK, { hashes, references: names.map(([, reference]) => reference) }));
}
