import { randomUUID } from 'node:crypto';
import { alternativesFor, type Context, dayOf, emit, isCode, rowSettings, withinAny } from '@commonweal/kit';
import { ApiError } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import { identifierHash } from '../person/identifiers.ts';
import { foldName } from '../person/names.ts';
import { personEntity } from '../person/person.entity.ts';

/** Attempts without a match after which a number is locked, and for how long they count. Over all providers together. */
export const ATTEMPTS = 3;
const WINDOW_HOURS = 24;

/** What a provider presents. */
export interface VerificationArguments {
  readonly identifier: { readonly type: string; readonly value: string };
  readonly birthDate?: string | null;
  readonly surname?: string | null;
  readonly program: string;
}

interface Found {
  readonly person_id: string | null;
  readonly matched: boolean;
  readonly failures: string;
}

/**
 * Notes an attempt and hands a sealed ticket to the programs registry. The same statements run, and the same rows are written, for a number
 * that nobody has, a person who is out of reach and wrong details: only the ticket, which the caller cannot read, differs.
 */
export async function verify(context: Context, args: VerificationArguments) {
  const given = [...(args.birthDate != null ? ['Person.birthDate'] : []), ...(args.surname != null ? ['PersonName.surname'] : [])];
  if (given.length === 0)
    throw new ApiError('BAD_USER_INPUT', 'A verification needs the day of birth or the surname besides the number.', {
      argument: 'birthDate',
    });
  if (args.birthDate != null) dayOf(args.birthDate, 'birthDate');
  if (!isCode(args.program)) throw new ApiError('BAD_USER_INPUT', 'program must be the code of a program.', { argument: 'program' });
  const surname = args.surname == null ? null : foldName(args.surname);
  if (surname === '') throw new ApiError('BAD_USER_INPUT', 'surname must not be empty.', { argument: 'surname' });
  const hash = identifierHash(context.identifierKey, args.identifier.type, args.identifier.value);
  context.report.searchedFor(hash);
  const reach = alternativesFor(context.catalog, context.decision, ['Identifier.type', 'Identifier.value', ...given], 'VERIFY').filter(
    (a) => a.actions.has('beneficiary.verify'),
  );
  // Without the right to compare, every attempt would be one without a match: a way to lock anybody's number.
  if (reach.length === 0) throw new ApiError('FORBIDDEN_INPUT', 'These details may not be verified for this purpose.');
  const details = sql`${args.birthDate == null ? sql`true` : sql`p.birth_date = ${args.birthDate}::date`} and ${surname === null ? sql`true` : sql`p.surname_key = ${surname}`}`;
  const reference = randomUUID();

  const found = await context.db.write(async (db) => {
    // Attempts on one number come one after another, so that a burst of them cannot pass the count.
    await db.all(sql`select pg_advisory_xact_lock(hashtextextended(${hash.toString('hex')}, 1))`);
    const row = (
      await db.all<Found>(sql`
      select p.person_id, coalesce(p.person_id is not null and ${details}, false) as matched,
        (select count(*) from verification v where v.subject_hash = ${hash} and not v.matched and v.attempted_at > now() - make_interval(hours => ${WINDOW_HOURS}::int)) as failures
      from (select 1) one
      left join identifier_key k on k.value_hash = ${hash}
      left join person p on p.person_id = k.person_id and p.status = 'ACTIVE' and ${withinAny(reach, personEntity.scope)}`)
    )[0]!;
    const failures = Number(row.failures);
    if (failures < ATTEMPTS) {
      await db.all(
        sql`insert into verification (subject_hash, reference, consumer_id, program_code, matched) values (${hash}, ${reference}, ${context.principal.consumer}, ${args.program}, ${row.matched})`,
      );
      // The person is told when their number is locked; a number of nobody makes an event of nobody, so that both take as long.
      if (!row.matched && failures + 1 === ATTEMPTS)
        await emit(db, 'verification.locked', row.person_id ?? randomUUID(), { attempts: ATTEMPTS });
    }
    return row;
  }, rowSettings(context.decision));

  if (Number(found.failures) >= ATTEMPTS) {
    throw new ApiError(
      'VERIFICATION_LOCKED',
      'Too many attempts with this number did not match. It is locked for a day; ask the person to go to the program office.',
    );
  }
  context.report.gave(found.person_id && found.matched ? [found.person_id] : [], ['BeneficiaryVerification.status'], 1);
  // Padded, so that not even the length of a ticket tells.
  const ticket = context.tickets.seal(
    {
      person: found.matched ? found.person_id : randomUUID(),
      program: args.program,
      matched: found.matched,
      pad: found.matched ? ' ' : '',
    },
    'verification',
  );
  return { ticket, reference, verifiedAt: new Date().toISOString() };
}
