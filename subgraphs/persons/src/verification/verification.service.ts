import { randomUUID } from 'node:crypto';
import { type Context, dayOf, isCode } from '@commonweal/kit';
import { ApiError } from '@commonweal/schema';
import { EARLIEST_BIRTH, today } from '../faults.ts';
import { identifierHash } from '../person/identifiers.ts';
import { foldName, foldNumber, SHORTEST_NUMBER } from '../person/names.ts';
import { ATTEMPTS, attempt, verifying } from './attempt.ts';

/** What a provider presents. */
export interface VerificationArguments {
  readonly identifier: { readonly type: string; readonly value: string };
  readonly birthDate?: string | null;
  readonly surname?: string | null;
  readonly program: string;
}

/**
 * Notes an attempt and hands a sealed ticket to the programs registry. Only the ticket, which the caller cannot read, differs with what was found. Tries are
 * counted for each number and not for each person: the lock of a second number would tell whose it is.
 */
export async function verify(context: Context, args: VerificationArguments) {
  const given = [...(args.birthDate != null ? ['Person.birthDate'] : []), ...(args.surname != null ? ['PersonName.surname'] : [])];
  if (given.length === 0)
    throw new ApiError('BAD_USER_INPUT', 'A verification needs the day of birth or the surname besides the number.', {
      argument: 'birthDate',
    });
  if (args.birthDate != null && (dayOf(args.birthDate, 'birthDate') > today() || args.birthDate < EARLIEST_BIRTH))
    throw new ApiError('BAD_USER_INPUT', 'The day of birth must be a day between 1890 and today.', { argument: 'birthDate' });
  if (!isCode(args.program)) throw new ApiError('BAD_USER_INPUT', 'program must be the code of a program.', { argument: 'program' });
  const surname = args.surname == null ? null : foldName(args.surname);
  if (surname === '') throw new ApiError('BAD_USER_INPUT', 'surname must not be empty.', { argument: 'surname' });
  // Nobody has such a number: the attempt would be lost, and counted with those of all who left theirs out.
  if (foldNumber(args.identifier.value).length < SHORTEST_NUMBER)
    throw new ApiError('BAD_USER_INPUT', `A number has ${SHORTEST_NUMBER} letters and digits at least.`, { argument: 'identifier.value' });
  const hash = identifierHash(context.identifierKey, args.identifier.type, args.identifier.value);
  context.report.searchedFor(hash);
  const reach = verifying(context, given);
  // Without the right to compare, every attempt would be one without a match: a way to lock anybody's number.
  if (reach === null) throw new ApiError('FORBIDDEN_INPUT', 'These details may not be verified for this purpose.');

  const [reference, event, nobody] = [randomUUID(), randomUUID(), randomUUID()];
  const presented = { hash, birthDate: args.birthDate ?? null, surname, program: args.program };
  const found = await attempt(context, reach, presented, { reference, event, nobody });
  if (Number(found.tries) >= ATTEMPTS) {
    throw new ApiError(
      'VERIFICATION_LOCKED',
      'Too many attempts with this number did not match. It is locked for a day; ask the person to go to the program office.',
    );
  }
  context.report.gave(found.person_id && found.matched ? [found.person_id] : [], ['BeneficiaryVerification.status'], 1);
  // Padded, so that not even the length of a ticket tells.
  const ticket = context.tickets.seal(
    {
      person: found.matched ? found.person_id : nobody,
      program: args.program,
      attempt: [hash.toString('base64url'), reference],
      matched: found.matched,
      compared: given,
      pad: found.matched ? ' ' : '',
    },
    'verification',
  );
  return { ticket, reference, verifiedAt: new Date().toISOString() };
}
