import { alternativesFor, type Compiled, type Context, compile, keptFor, rowsGiving, slot, withinAny } from '@commonweal/kit';
import { type Alternative, ApiError } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import { b, benefitEntity } from '../benefit/benefit.entity.ts';
import { e, enrollmentEntity } from '../enrollment/enrollment.entity.ts';
import { pr } from '../program/program.entity.ts';
import { program } from '../program/program.table.ts';

/** What the persons registry hands over: whom it found, or an id that nobody has, and whether the details matched. */
interface Ticket {
  readonly person: string;
  readonly program: string;
  readonly matched: boolean;
  /** Coordinates of the details that were compared besides the number. */
  readonly compared: readonly string[];
  /** How the persons registry names the attempt. */
  readonly attempt?: readonly string[];
}

/** The answer of a verification. */
export interface Verified {
  readonly ticket: string;
  readonly status: 'ACTIVE' | 'NOT_ACTIVE';
  /** Null for a program that waives nothing. */
  readonly entitled: boolean | null;
  readonly entitledUntil: string | null;
}

/** What tells of a benefit, besides the state of the enrollment. */
const ENTITLEMENT = ['entitled', 'entitledUntil'] as const;

const isTicket = (t: unknown): t is Ticket => {
  const { person, program: code, matched, compared } = (t ?? {}) as Partial<Ticket>;
  const found = typeof person === 'string' && /^[0-9a-f-]{36}$/.test(person) && typeof matched === 'boolean';
  return found && typeof code === 'string' && Array.isArray(compared);
};

interface Found {
  /** Whether there is such a program, and this caller may verify for it. */
  readonly known: boolean;
  readonly active: boolean;
  readonly waives: boolean;
  readonly until: string | null;
}

/**
 * Whether a person receives from a program now. The same statement for everybody: somebody unknown is looked for under an id that nobody has,
 * and details that do not match are told only after the work is done. Null for a ticket that is not ours. Throws for a code that is no program's, or none that the
 * caller may know of: no answer would say that the person does not receive, and three would lock the number of somebody who does.
 */
export async function verify(context: Context, sealed: string, requested: ReadonlySet<string>): Promise<Verified | null> {
  const ticket = context.tickets.open(sealed, 'verification');
  if (!isTicket(ticket)) return null;
  const statement = keptFor(context, `verification ${ticket.compared.join()}`, () =>
    context.db.sharing({ statement: compiledFor(context, ticket.compared), mode: 'read only' }),
  );
  const { known, active, waives, until } = await context.db.together<Found>(statement, { person: ticket.person, program: ticket.program });
  // It is the same whoever was found: taking the attempt back tells nothing.
  if (!known) {
    if (ticket.attempt) context.notify({ to: 'persons', type: 'verifications.confirmed', item: ticket.attempt });
    throw new ApiError('BAD_USER_INPUT', 'There is no program with this code, or none that may be verified for this purpose.', {
      argument: 'program',
    });
  }
  const entitled = ticket.matched && until !== null;
  const told = ['status', ...(waives ? ENTITLEMENT.filter((field) => requested.has(field)) : [])];
  context.report.gave(ticket.matched ? [ticket.person] : [], ticket.matched ? told.map((f) => `BeneficiaryVerification.${f}`) : [], 1);
  const isActive = ticket.matched && active;
  // No other answer about somebody takes an attempt back: what the persons registry found does not.
  if (isActive && ticket.attempt) context.notify({ to: 'persons', type: 'verifications.confirmed', item: ticket.attempt });
  return {
    ticket: sealed,
    status: isActive ? 'ACTIVE' : 'NOT_ACTIVE',
    entitled: waives ? entitled : null,
    entitledUntil: waives && entitled ? until : null,
  };
}

/**
 * The statement, for everybody under one decision about whom the same was compared: a list of persons and one of programs. Who tells a person's number and details
 * is told by the alternatives only that let these be compared and the program be named: of two policies, one does not identify for the other.
 */
function compiledFor(context: Context, compared: readonly string[]): Compiled {
  const nothing = { condition: sql`false`, join: sql`` };
  const telling = (field: 'status' | 'entitled') => [
    `BeneficiaryVerification.${field}`,
    'Enrollment.program',
    'Identifier.type',
    'Identifier.value',
    ...compared,
  ];
  const identifies = (a: Alternative) => a.actions.has('beneficiary.verify');
  const receiving = rowsGiving(context, telling('status'), 'VERIFY', [enrollmentEntity.scope], identifies) ?? nothing;
  const entitling = rowsGiving(context, telling('entitled'), 'VERIFY', [benefitEntity.scope], identifies);
  const verifying = (['status', 'entitled'] as const)
    .flatMap((field) => alternativesFor(context.catalog, context.decision, telling(field), 'VERIFY'))
    .filter(identifies);
  const knownProgram = withinAny(verifying, { public: true, program: { id: sql`${pr.programId}`, sensitive: sql`${pr.sensitive}` } });
  return compile(
    sql`
    select ${pr.programId} is not null as known,
      exists (
        select 1 from ${enrollmentEntity.from} ${receiving.join}
        where ${e.personId} = asked.person and ${e.programId} = ${pr.programId} and ${e.status} = 'ENROLLED' and ${receiving.condition}
      ) as active,
      coalesce(${pr.type} = 'FEE_WAIVER', false) as waives,
      ${
        entitling === null
          ? sql`null::date`
          : sql`(
        select max(${b.validUntil}) from ${benefitEntity.from} ${entitling.join}
        where ${b.personId} = asked.person and ${b.programId} = ${pr.programId} and ${b.status} in ('APPROVED', 'ISSUED')
          and current_date between ${b.validFrom} and ${b.validUntil} and ${entitling.condition}
          and exists (select 1 from ${enrollmentEntity.from} where ${e.personId} = ${b.personId} and ${e.enrollmentId} = ${b.enrollmentId} and ${e.status} = 'ENROLLED')
      )`
      } as until
    from unnest(${slot('person')}::uuid[], ${slot('program')}::text[]) with ordinality as asked (person, code, n)
    left join ${program} as pr on ${pr.code} = asked.code and ${knownProgram} order by asked.n`,
    'by key',
  );
}
