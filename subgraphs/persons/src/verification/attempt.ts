import { type Compiled, type Context, compile, type Db, filled, keptFor, rowsGiving, slot } from '@commonweal/kit';
import { type SQL, sql } from 'drizzle-orm';
import { personEntity } from '../person/person.entity.ts';

/** Attempts that were not answered with ACTIVE after which a number is locked, and for how long they count. Over all providers together. */
export const ATTEMPTS = 3;
const WINDOW_HOURS = 24;

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

/** Of whom a caller may have these details compared: who is within the rows, and consents to it where that is asked for. Null for nobody at all. */
export const verifying = (context: Context, given: readonly string[]): ReturnType<typeof rowsGiving> =>
  rowsGiving(context, ['Identifier.type', 'Identifier.value', ...given], 'VERIFY', [personEntity.scope], (a) =>
    a.actions.has('beneficiary.verify'),
  );

type Reach = NonNullable<ReturnType<typeof verifying>>;

/**
 * Looks for the person and notes the attempt, in one statement. The same statement runs, and the same row is written, for a number that nobody has, a person out
 * of reach, wrong details and right ones. Each attempt counts; `confirm` takes one back. The first that is refused because the number is locked tells the person,
 * and for a number of nobody an event of nobody is written, so that both take as long.
 */
export async function attempt(
  context: Context,
  reach: Reach,
  presented: Presented,
  ids: { reference: string; event: string; nobody: string },
): Promise<Attempt> {
  const { hash, birthDate, surname, program } = presented;
  const name = `verify ${birthDate === null ? '' : 'birthDate'} ${surname === null ? '' : 'surname'}`;
  // Attempts on one number come one after another, so that a burst of them cannot pass the count.
  const statement = keptFor(context, name, () =>
    context.db.sharing({ statement: compiledFor(context, reach, presented), mode: 'read write', lock: 'hash' }),
  );
  const details = { ...(birthDate === null ? {} : { birthDate }), ...(surname === null ? {} : { surname }) };
  return context.db.together<Attempt>(statement, { hash: hash.toString('hex'), ...details, program, ...ids });
}

/** The statement, for all who ask under one decision with the same details: a list for each value. */
function compiledFor(context: Context, reach: Reach, { birthDate, surname }: Presented): Compiled {
  const lists: [name: string, list: SQL][] = [
    ['hash', sql`${slot('hash')}::text[]`],
    ['program', sql`${slot('program')}::text[]`],
    ['reference', sql`${slot('reference')}::uuid[]`],
    ['event', sql`${slot('event')}::uuid[]`],
    ['nobody', sql`${slot('nobody')}::uuid[]`],
    ...(birthDate === null ? [] : [['birth_date', sql`${slot('birthDate')}::text[]`] as [string, SQL]]),
    ...(surname === null ? [] : [['surname', sql`${slot('surname')}::text[]`] as [string, SQL]]),
  ];
  const details: SQL[] = [
    ...(birthDate === null ? [] : [sql`p.birth_date = a.birth_date::date`]),
    ...(surname === null ? [] : [sql`p.surname_key = a.surname`]),
  ];
  const names = (all: readonly string[]) => sql.raw(all.join(', '));
  return compile(
    sql`
    with asked as materialized (
      select ${names(lists.map(([name]) => (name === 'hash' ? `decode(hash, 'hex') as hash` : name)))}, n
      from unnest(${sql.join(
        lists.map(([, list]) => list),
        sql`, `,
      )}) with ordinality as l (${names([...lists.map(([name]) => name), 'n'])})
    ), seen as materialized (
      select a.*, p.person_id, coalesce(p.person_id is not null and ${sql.join(details, sql` and `)}, false) as matched,
        (select count(*) from verification v where v.subject_hash = a.hash and not v.confirmed and v.attempted_at > now() - make_interval(hours => ${WINDOW_HOURS}::int)) as tries
      from asked a
      left join lateral (
        select p.* from identifier_key k join person p on p.person_id = k.person_id ${reach.join}
        where k.value_hash = a.hash and p.status = 'ACTIVE' and ${reach.condition} limit 1
      ) p on true
    ), noted as (
      insert into verification (subject_hash, reference, consumer_id, program_code)
      select hash, reference, ${context.principal.consumer}::text, program from seen where tries <= ${ATTEMPTS}::int
    ), told as (
      insert into outbox (event_id, type, subject, payload)
      select event, 'verification.locked', coalesce(person_id, nobody), jsonb_build_object('attempts', ${ATTEMPTS}::int)
      from seen where tries = ${ATTEMPTS}::int
    )
    select person_id, matched, tries from seen order by n`,
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
