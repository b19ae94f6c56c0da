import { isoDay, isoMoment } from './calendar.ts';
import type { BenefitStatus, PaymentReason, PaymentStatus } from './codes.ts';
import type { Draw, Member } from './draft.ts';
import type { StatusPath } from './enrolling.ts';
import { PLACES } from './identifiers.ts';
import { byWeight, type Random, shuffleBits } from './random.ts';
import type { GeneratedCycle, GeneratedProgram, GeneratedProvider } from './reference.ts';
import type { GeneratedAccount, GeneratedBenefit, GeneratedEnrollment, GeneratedPayment } from './types.ts';

/** Where benefits, payments and accounts of one household are collected while it is made. */
export interface Ledger {
  benefits: GeneratedBenefit[];
  payments: GeneratedPayment[];
  accounts: GeneratedAccount[];
  /** Accounts found so far, by the member's place. */
  accountOf: (GeneratedAccount | undefined)[];
  providers: readonly GeneratedProvider[];
  /** Number of the household in payment references. */
  reference: string;
  /** Days after the due day of a cycle on which its county is paid: counties are paid in waves. */
  wave: number;
}

/** Starts the ledger of a household. */
export function startLedger({ seed, index }: Draw, county: number, providers: readonly GeneratedProvider[]): Ledger {
  const reference = shuffleBits(index, 31, seed).toString(36).toUpperCase();
  return { benefits: [], payments: [], accounts: [], accountOf: [], providers, reference, wave: (county * 7) % 25 };
}

/** Whole KES as decimal text. Amounts are few, so each text is made once. */
function money(shillings: number): string {
  const known = texts.get(shillings);
  if (known !== undefined) return known;
  const text = `${shillings}.00`;
  texts.set(shillings, text);
  return text;
}
const texts = new Map<number, string>();

/** Gives the benefits of an enrollment, one for each cycle in which it was in force, and the payments that deliver them. */
export function payBenefits(
  draw: Draw,
  ledger: Ledger,
  program: GeneratedProgram,
  cycles: readonly GeneratedCycle[],
  enrollment: GeneratedEnrollment,
  path: StatusPath,
  enrolled: Member,
  collector: Member,
): void {
  const { random, uuids } = draw;
  let at = 0;
  for (const cycle of cycles) {
    // The state when the list of the cycle is closed, a week before payment, decides.
    while (at + 1 < path.days.length && (path.days[at + 1] as number) <= cycle.dueDay - 7) at++;
    if ((path.days[at] as number) > cycle.dueDay - 7 || path.states[at] !== 'ENROLLED') continue;
    if (cycle.status === 'DRAFT' || cycle.status === 'CANCELLED') continue;
    const status = benefitStatus(random, program, cycle);
    const shillings = program.amount === null ? 0 : amountOf(random, program, program.amount);
    const benefit: GeneratedBenefit = {
      id: uuids.next(),
      enrollmentId: enrollment.id,
      personId: enrollment.personId,
      programId: program.id,
      sensitive: program.sensitive,
      cycle: cycle.sequence,
      type: program.benefitType,
      amount: program.amount === null ? null : money(shillings),
      quantity: program.quantity === null ? null : program.quantity[0],
      unit: program.quantity === null ? null : program.quantity[1],
      validFrom: cycle.startsOn,
      validUntil: cycle.endsOn,
      status,
    };
    ledger.benefits.push(benefit);
    if (program.amount === null || status === 'DRAFT' || status === 'CANCELLED') continue;
    pay(draw, ledger, program, cycle, benefit, shillings, enrolled, collector);
  }
}

/** Amounts differ where pay follows work done, conditions kept or contributions made. */
function amountOf(random: Random, { type }: GeneratedProgram, usual: number): number {
  if (type === 'PUBLIC_WORKS') return 455 * random.between(8, 22);
  if (type === 'CONDITIONAL_CASH') return random.chance(0.07) ? usual / 2 : usual;
  if (type === 'SOCIAL_INSURANCE') return usual + 500 * (random.int(9) - 4);
  return usual;
}

function benefitStatus(random: Random, { benefitType }: GeneratedProgram, { status }: GeneratedCycle): BenefitStatus {
  if (status === 'TO_APPROVE') return 'DRAFT';
  if (status === 'APPROVED') return 'APPROVED';
  const drawn = random.float();
  if (drawn < 0.008) return 'CANCELLED';
  return status === 'ENDED' && drawn < 0.04 && (benefitType === 'VOUCHER' || benefitType === 'IN_KIND') ? 'EXPIRED' : 'ISSUED';
}

const closedOutcomes = byWeight<PaymentStatus>({
  DELIVERED: 942,
  FAILED: 20,
  NOT_DELIVERED: 17,
  REVERSED: 7,
  PARTIALLY_DELIVERED: 6,
  CANCELLED: 6,
  SENT: 2,
});
const openOutcomes = byWeight<PaymentStatus>({ DELIVERED: 70, SENT: 18, PENDING: 9, FAILED: 2, NOT_DELIVERED: 1 });
const failures = byWeight<PaymentReason>({ ACCOUNT_INVALID: 40, NAME_MISMATCH: 25, PROVIDER_ERROR: 30, OTHER: 5 });
const reversals = byWeight<PaymentReason>({ DUPLICATE: 50, NAME_MISMATCH: 20, OTHER: 30 });

function pay(
  draw: Draw,
  ledger: Ledger,
  program: GeneratedProgram,
  cycle: GeneratedCycle,
  benefit: GeneratedBenefit,
  shillings: number,
  enrolled: Member,
  collector: Member,
): void {
  const { random, asOf } = draw;
  const account = ledger.accountOf[collector.place] ?? openAccount(draw, ledger, collector);
  const dueDay = cycle.dueDay + ledger.wave;
  let status: PaymentStatus;
  if (cycle.status === 'APPROVED' || dueDay > asOf) status = 'PENDING';
  else if (benefit.status === 'EXPIRED') status = 'NOT_DELIVERED';
  else if (enrolled.deathDay > 0 && dueDay > enrolled.deathDay) status = random.chance(0.5) ? 'REVERSED' : 'DELIVERED';
  else status = random.pick(asOf - dueDay < 12 ? openOutcomes : closedOutcomes);
  const late = enrolled.deathDay > 0 && dueDay > enrolled.deathDay;
  addPayment(draw, ledger, program, cycle, benefit, account, shillings, status, reasonOf(random, status, late), dueDay);
  // Most failed payments are made again once the account has been put right.
  const again = dueDay + random.between(15, 40);
  if (status === 'FAILED' && again + 5 <= asOf && random.chance(0.7)) {
    addPayment(draw, ledger, program, cycle, benefit, account, shillings, 'DELIVERED', null, again);
  }
}

function reasonOf(random: Random, status: PaymentStatus, dead: boolean): PaymentReason | null {
  switch (status) {
    case 'FAILED':
      return random.pick(failures);
    case 'REVERSED':
      return dead ? 'DECEASED' : random.pick(reversals);
    case 'NOT_DELIVERED':
    case 'PARTIALLY_DELIVERED':
      return 'NOT_COLLECTED';
    case 'CANCELLED':
      return 'UNDER_REVIEW';
    default:
      return null;
  }
}

const numbers: readonly string[] = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

function addPayment(
  { random, uuids, asOf }: Draw,
  ledger: Ledger,
  program: GeneratedProgram,
  cycle: GeneratedCycle,
  benefit: GeneratedBenefit,
  account: GeneratedAccount,
  shillings: number,
  status: PaymentStatus,
  reason: PaymentReason | null,
  dueDay: number,
): void {
  const sent = status !== 'PENDING' && status !== 'CANCELLED';
  const arrived = status === 'DELIVERED' || status === 'PARTIALLY_DELIVERED' || status === 'REVERSED';
  const minute = random.between(420, 1080);
  const at = ledger.providers.findIndex(({ id }) => id === account.providerId);
  ledger.payments.push({
    id: uuids.next(),
    benefitId: benefit.id,
    enrollmentId: benefit.enrollmentId,
    programId: program.id,
    programCode: program.code,
    sensitive: program.sensitive,
    batchId: cycle.batchIds[at] as string,
    personId: benefit.personId,
    recipientId: account.personId,
    accountId: account.id,
    providerId: account.providerId,
    entitled: money(shillings),
    delivered: arrived ? money(deliveredOf(status, shillings)) : sent ? '0.00' : null,
    dueOn: isoDay(dueDay),
    sentAt: sent ? isoMoment(dueDay, minute) : null,
    deliveredAt: arrived ? isoMoment(Math.min(asOf, dueDay + random.int(4)), Math.min(1439, minute + 60)) : null,
    providerReference: sent ? `${ledger.reference}${numbers[ledger.payments.length % 1000] as string}` : null,
    status,
    reason,
  });
}

function deliveredOf(status: PaymentStatus, shillings: number): number {
  if (status === 'REVERSED') return 0;
  return status === 'PARTIALLY_DELIVERED' ? Math.floor(shillings / 2) : shillings;
}

/** Opens the account through which somebody collects: a wallet on their phone, or a bank account. */
function openAccount(
  { random, uuids, seed, index, asOf }: Draw,
  ledger: Ledger,
  { person, place, registeredDay }: Member,
): GeneratedAccount {
  const phone = person.phones[0];
  const wallet = phone !== undefined && random.chance(0.62);
  const provider = ledger.providers[wallet ? 2 : random.int(2)] as GeneratedProvider;
  const number = wallet ? phone : String(4_100_000_000_000 + shuffleBits((index * PLACES + place) % 2 ** 31, 31, seed));
  const drawn = random.float();
  const account: GeneratedAccount = {
    id: uuids.next(),
    personId: person.id,
    kind: wallet ? 'MOBILE_WALLET' : 'BANK_ACCOUNT',
    providerId: provider.id,
    number,
    maskedNumber: '*********'.slice(0, number.length - 4) + number.slice(-4),
    verified: drawn > 0.06,
    primary: true,
    status: drawn < 0.015 ? 'BLOCKED' : 'ACTIVE',
    openedOn: isoDay(Math.min(asOf, registeredDay + random.int(60))),
  };
  ledger.accounts.push(account);
  ledger.accountOf[place] = account;
  if (random.chance(0.05)) {
    ledger.accounts.push({
      ...account,
      id: uuids.next(),
      number: `${number.slice(0, -1)}X`,
      primary: false,
      verified: false,
      status: 'CLOSED',
    });
  }
  return account;
}
