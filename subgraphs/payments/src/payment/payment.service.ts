import { randomUUID } from 'node:crypto';
import {
  type Context,
  consentJoin,
  type Db,
  emit,
  givesFreely,
  isAmount,
  isCode,
  isMoment,
  type Refusal,
  Refused,
  type Written,
  withinAny,
  writeOnce,
  writingAlternatives,
  writtenBy,
} from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { p, paymentEntity } from './payment.entity.ts';
import { mayFollow, needsReason, REPORTED } from './payment.states.ts';

/** Reference to the payment that a report was about; what it shows is read anew under the caller's rights. */
export type PaymentWritten = Written<{ payment: string; person: string }>;

/** A report on a payment, as the graph gives it. */
export interface RecordInput {
  readonly payment: string;
  readonly status: string;
  readonly reason?: string | null;
  readonly amountDelivered?: string | null;
  readonly providerReference?: string | null;
  readonly occurredAt: string;
}

const refuse = (code: Refusal['code'], message: string, ...path: string[]) => new Refused({ code, message, path: ['input', ...path] });

/** What of a report can be judged without the payment. */
function checkInput(input: RecordInput): void {
  if (!isMoment(input.occurredAt)) throw refuse('INVALID', 'A moment is written as ISO 8601 with a time zone.', 'occurredAt');
  if (!REPORTED.includes(input.status)) throw refuse('INVALID', 'A provider reports what it did: this state is not reported.', 'status');
  if (needsReason(input.status) && input.reason == null)
    throw refuse('INVALID', 'A reason is needed unless the payment was sent or delivered.', 'reason');
  if (input.amountDelivered != null && !isAmount(input.amountDelivered))
    throw refuse('INVALID', 'An amount has up to twelve digits and two decimals.', 'amountDelivered');
  if (input.status === 'PARTIALLY_DELIVERED' && input.amountDelivered == null)
    throw refuse('INVALID', 'The amount delivered so far is needed.', 'amountDelivered');
  if (input.amountDelivered != null && !['PARTIALLY_DELIVERED', 'DELIVERED'].includes(input.status))
    throw refuse('INVALID', 'Nothing stays delivered in this state: leave the amount out.', 'amountDelivered');
  if (input.providerReference != null && !isCode(input.providerReference))
    throw refuse('INVALID', 'A reference has up to 64 letters, digits and . _ : / # -.', 'providerReference');
}

interface Current {
  readonly person: string;
  readonly payment: string;
  readonly status: string;
  /** Whether the report is about a moment before the present state began: then it is history. */
  readonly late: boolean;
  readonly future: boolean;
  /** Whether this very report was recorded before. */
  readonly repeated: boolean;
  /** Whether the amount is a part of what the person is entitled to. */
  readonly part: boolean | null;
  /** Whether the amount is all of it. */
  readonly whole: boolean | null;
}

/** Records what became of a payment: at national pace, told twice, late or out of order. The state that follows by the provider's own time wins. */
export async function recordPaymentStatus(context: Context, key: string, input: RecordInput): Promise<PaymentWritten> {
  const alternatives = writingAlternatives(context, 'payment.record', writtenBy(context, 'RecordPaymentStatusInput', { ...input })).filter(
    (a) => givesFreely(context, a, { field: 'Payment.id', use: 'READ' }),
  );
  return writeOnce(context, 'recordPaymentStatus', key, input, undefined, async (db) => {
    checkInput(input);
    const at = context.refs.decode('pay', input.payment);
    if (!at) throw refuse('NOT_AVAILABLE', 'There is no such payment, or none of yours.', 'payment');
    const { scope } = paymentEntity;
    const amount = input.amountDelivered ?? null;
    const [now] = await db.all<Current>(sql`
      select ${p.personId} as person, ${p.paymentId} as payment, ${p.status} as status, ${input.occurredAt}::timestamptz < ${p.statusAt} as late,
        ${input.occurredAt}::timestamptz > now() + interval '1 minute' as future,
        exists (
          select 1 from payment_event v where v.person_id = ${p.personId} and v.payment_id = ${p.paymentId} and v.to_status = ${input.status} and v.occurred_at = ${input.occurredAt}::timestamptz
            and (${amount}::numeric is null or v.amount_delivered = ${amount}::numeric)
        ) as repeated,
        ${amount}::numeric > 0 and ${amount}::numeric < ${p.amountEntitled} as part, ${amount}::numeric = ${p.amountEntitled} as whole
      from ${paymentEntity.from} ${consentJoin(context.decision, alternatives, scope.person)}
      where ${p.personId} = ${at.owner}::uuid and ${p.paymentId} = ${at.id}::uuid and ${withinAny(alternatives, scope)} for update of p`);
    if (!now) throw refuse('NOT_AVAILABLE', 'There is no such payment, or none of yours.', 'payment');
    const done = { payment: now.payment, person: now.person };
    // The minute is for clocks that differ; more would let a report overtake what happens next.
    if (now.future) throw refuse('NOT_ALLOWED_NOW', 'This lies in the future.', 'occurredAt');
    if (input.status === 'PARTIALLY_DELIVERED' && !now.part)
      throw refuse('INVALID', 'A part is more than nothing and less than the whole.', 'amountDelivered');
    if (input.status === 'DELIVERED' && now.whole === false)
      throw refuse('INVALID', 'Delivered means the whole amount.', 'amountDelivered');
    if (now.repeated) return done;
    if (!now.late && !mayFollow(now.status, input.status))
      throw refuse('NOT_ALLOWED_NOW', 'This state may not follow the present one.', 'status');
    await note(db, context, input, now);
    if (!now.late) {
      await apply(db, input, now);
      await emit(db, 'payment.changed', now.person, { payment: now.payment, status: input.status });
    }
    return done;
  });
}

/** What a report says was delivered, in the payment's own amounts. */
const deliveredBy = ({ status, amountDelivered }: RecordInput) =>
  status === 'DELIVERED' ? sql`amount_entitled` : status === 'PARTIALLY_DELIVERED' ? sql`${amountDelivered!}::numeric` : sql`0::numeric`;

/** Keeps a report. One that came too late names no state before: it followed none that is known. */
async function note(db: Db, context: Context, input: RecordInput, now: Current): Promise<void> {
  const reporter = `${context.principal.consumer}/${context.principal.user}`;
  await db.all(sql`
    insert into payment_event (person_id, payment_id, event_id, program_id, sensitive, area_path, provider_id, from_status, to_status, reason, amount_delivered, provider_reference, reported_by, occurred_at)
    select person_id, payment_id, ${randomUUID()}::uuid, program_id, sensitive, area_path, provider_id, ${now.late ? null : now.status}::text, ${input.status}::text, ${input.reason ?? null}::text,
      ${deliveredBy(input)}, ${input.providerReference ?? null}::text, ${reporter}::text, ${input.occurredAt}::timestamptz
    from payment where person_id = ${now.person}::uuid and payment_id = ${now.payment}::uuid`);
}

/** Moves a payment into the reported state. */
async function apply(db: Db, input: RecordInput, now: Current): Promise<void> {
  const arrived = input.status === 'DELIVERED' || input.status === 'PARTIALLY_DELIVERED';
  await db.all(sql`
    update payment set status = ${input.status}, status_at = ${input.occurredAt}::timestamptz, reason = ${needsReason(input.status) ? input.reason! : null}::text,
      amount_delivered = ${deliveredBy(input)}, provider_reference = coalesce(${input.providerReference ?? null}::text, provider_reference),
      sent_at = ${input.status === 'SENT' ? sql`${input.occurredAt}::timestamptz` : sql`sent_at`}, delivered_at = ${arrived ? sql`${input.occurredAt}::timestamptz` : sql`delivered_at`}
    where person_id = ${now.person}::uuid and payment_id = ${now.payment}::uuid`);
}
