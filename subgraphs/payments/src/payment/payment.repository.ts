import {
  allOf,
  argumentReads,
  type Context,
  childList,
  childPage,
  dayOf,
  entityLoader,
  type Page,
  type PageArguments,
  page,
  type Row,
  type RowKey,
  readsOf,
  roundedCount,
} from '@commonweal/kit';
import { ApiError } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import { eventEntity, p, paymentEntity, eventColumns as v } from './payment.entity.ts';

/** One payment, with the fields asked for; null when absent or out of scope. */
export const findPayment = (context: Context, key: RowKey, requested: ReadonlySet<string>): Promise<Row | null> =>
  entityLoader(context, paymentEntity, requested).load(key);

/** One payment by reference. */
export async function findPaymentByReference(context: Context, reference: string, requested: ReadonlySet<string>): Promise<Row | null> {
  const key = context.refs.decode('pay', reference);
  return key === null ? null : findPayment(context, key, requested);
}

/** What the list of payments is asked with. */
export interface PaymentsArguments extends PageArguments {
  readonly filter?: {
    readonly program?: string | null;
    readonly status?: readonly string[] | null;
    readonly dueFrom?: string | null;
    readonly dueTo?: string | null;
    readonly recipient?: string | null;
  } | null;
}

const statusIn = (status: readonly string[] | null | undefined): SQL | undefined =>
  status ? sql`${p.status} = any (${sql.param([...status])}::text[])` : undefined;

/** A reference that stands for nobody finds no row, like that of somebody without payments. */
const recipientIs = (context: Context, reference: string): SQL => {
  const person = context.refs.decode('per', reference)?.id;
  return person === undefined
    ? sql`false`
    : sql`(${p.recipientId} = ${person}::uuid or (${p.recipientId} is null and ${p.personId} = ${person}::uuid))`;
};

function filterCondition(context: Context, { filter }: PaymentsArguments): SQL | undefined {
  if (!filter) return undefined;
  if (Object.values(filter).some((x) => x === null))
    throw new ApiError('BAD_USER_INPUT', 'A condition of a filter may not be null: leave it out.', { argument: 'filter' });
  return allOf(
    filter.program === undefined ? undefined : sql`${p.programCode} = ${filter.program}`,
    statusIn(filter.status),
    filter.dueFrom == null ? undefined : sql`${p.dueOn} >= ${dayOf(filter.dueFrom, 'filter.dueFrom')}::date`,
    filter.dueTo == null ? undefined : sql`${p.dueOn} <= ${dayOf(filter.dueTo, 'filter.dueTo')}::date`,
    filter.recipient == null ? undefined : recipientIs(context, filter.recipient),
  );
}

const needsOf = (context: Context, args: PaymentsArguments) => readsOf(context, 'PaymentFilter', args.filter ?? {});

/** A page of payments, by their random ids. */
export const listPayments = (context: Context, args: PaymentsArguments, requested: ReadonlySet<string>): Promise<Page> =>
  page(
    context,
    {
      name: 'Query.payments',
      entity: paymentEntity,
      where: filterCondition(context, args),
      order: [],
      needs: needsOf(context, args),
      filter: args.filter ?? null,
    },
    args,
    requested,
  );

/** How many payments a filter finds, rounded. */
export const countPayments = (context: Context, args: PaymentsArguments): Promise<number | null> =>
  roundedCount(context, paymentEntity, 'PaymentConnection.totalCount', filterCondition(context, args), needsOf(context, args));

const newestFirst = {
  orderedBy: 'Payment.dueOn',
  order: [{ value: sql`${p.dueOn}`, type: 'date' }],
  descending: true,
  standard: 12,
} as const;

/** What the payments of one person are asked with. */
export interface PaymentsOfArguments extends PageArguments {
  readonly status?: readonly string[] | null;
}

/** Payments that a person collects, newest first. */
export const paymentsOfPerson = (
  context: Context,
  personId: string,
  args: PaymentsOfArguments,
  requested: ReadonlySet<string>,
): Promise<Page> =>
  childPage(
    context,
    childList(context, paymentEntity, 'Person.payments', {
      ...newestFirst,
      reads: argumentReads(context, 'Person.payments', { status: args.status }),
      where: statusIn(args.status),
      filter: args.status ?? null,
    }),
    sql`${p.personId}`,
    personId,
    args,
    requested,
  );

/** Payments made for an enrollment, newest first. */
export const paymentsOfEnrollment = (
  context: Context,
  enrollment: RowKey,
  args: PageArguments,
  requested: ReadonlySet<string>,
): Promise<Page> =>
  childPage(
    context,
    childList(context, paymentEntity, 'Enrollment.payments', newestFirst),
    sql`${p.enrollmentId}`,
    enrollment,
    args,
    requested,
  );

/** Reports on a payment, oldest first. */
export const historyOf = (context: Context, payment: RowKey, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> =>
  childPage(
    context,
    childList(context, eventEntity, 'Payment.history', {
      orderedBy: 'PaymentEvent.occurredAt',
      order: [{ value: sql`${v.occurredAt}`, type: 'timestamptz' }],
    }),
    sql`${v.paymentId}`,
    payment,
    args,
    requested,
  );
