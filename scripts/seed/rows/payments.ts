import { dayOf, isoDay } from '../country/calendar.ts';
import { UuidSource } from '../country/random.ts';
import type { GeneratedPayment } from '../country/types.ts';
import type { RowsByTable } from '../load/rows.ts';
import { code, NULL, text } from '../load/text.ts';
import { type KnownHousehold, memberOf } from './known.ts';
import { lastSteps, stateSince } from './payment-history.ts';
import { ACTOR, idStreams } from './programs.ts';

/** Writes a household into the payments registry. */
export type PaymentsWriter = (out: RowsByTable, known: KnownHousehold) => void;

/** How far back changes of state of payments are kept: with those of all two years there would be two rows more for each payment. */
const HISTORY_DAYS = 182;

/** Prepares writing; `asOf` is the last day on which anything happened. */
export function paymentsWriter(seed: number, asOf: string): PaymentsWriter {
  const today = dayOf(asOf);
  const historyFrom = isoDay(today - HISTORY_DAYS);
  const uuids = new UuidSource();
  return (out, known) => {
    const { source } = known;
    for (const one of source.accounts) {
      const { person, programsText } = memberOf(known, one.personId);
      out.account.add(
        `${one.personId}\t${one.id}\t${person.areaCode}\t${programsText}\t${one.kind}\t${one.providerId}\t${text(one.number)}\t${text(one.maskedNumber)}\t${one.verified ? 't' : 'f'}\t${one.primary ? 't' : 'f'}\t${one.status}\n`,
      );
    }
    if (source.payments.length === 0) return;
    uuids.reset(seed, source.index, idStreams.paymentEvents);
    for (const one of source.payments) {
      const area = memberOf(known, one.personId).person.areaCode;
      const recipient = one.recipientId === one.personId ? NULL : one.recipientId;
      const sensitive = one.sensitive ? 't' : 'f';
      out.payment.add(
        `${one.personId}\t${one.id}\t${recipient}\t${one.benefitId}\t${one.enrollmentId}\t${one.programId}\t${one.programCode}\t${sensitive}\t${area}\t${one.providerId}\t${one.accountId}\t${one.entitled}\t${one.delivered ?? '0.00'}\tKES\t${one.dueOn}\t${code(one.sentAt)}\t${code(one.deliveredAt)}\t${text(one.providerReference)}\t${one.status}\t${stateSince(one, today)}\t${code(one.reason)}\n`,
      );
      if (one.dueOn < historyFrom) continue;
      for (const { from, to, at } of lastSteps(one, today)) {
        const isLast = to === one.status;
        out.paymentEvent.add(
          `${one.personId}\t${one.id}\t${uuids.next()}\t${one.programId}\t${sensitive}\t${area}\t${one.providerId}\t${code(from)}\t${to}\t${isLast ? code(one.reason) : NULL}\t${amountAfter(one, to)}\t${to === 'PENDING' ? NULL : text(one.providerReference)}\t${ACTOR}\t${at}\t${at}\n`,
        );
      }
    }
  };
}

/** What is delivered once a payment has come into a state. */
function amountAfter({ status, entitled, delivered }: GeneratedPayment, to: GeneratedPayment['status']): string {
  if (to === 'DELIVERED') return entitled;
  return to === status && delivered !== null ? delivered : '0.00';
}
