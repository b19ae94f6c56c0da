import {
  type Context,
  type PageArguments,
  type Resolvers,
  type Row,
  requestedFields,
  requestedOnType,
  requestedRows,
  totalCount,
} from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { findAccount } from '../account/account.repository.ts';
import { type Stub, stub } from '../links.ts';
import {
  countPayments,
  findPayment,
  findPaymentByReference,
  historyOf,
  listPayments,
  type PaymentsArguments,
  type PaymentsOfArguments,
  paymentsOfEnrollment,
  paymentsOfPerson,
} from './payment.repository.ts';
import { type PaymentWritten, type RecordInput, recordPaymentStatus } from './payment.service.ts';

type Info = GraphQLResolveInfo;

const keyOf = (row: { $key: string; $person: string | null }) => ({ id: row.$key, owner: row.$person });
const reference = (payment: Row, _: unknown, context: Context) => context.refs.encode('pay', payment.$key, payment.$person!);

/** Resolvers of payments, and of what they add to persons and enrollments. */
export const paymentResolvers: Resolvers = {
  Query: {
    payment: (_: unknown, { id }: { id: string }, context: Context, info: Info) =>
      findPaymentByReference(context, id, requestedFields(info)),
    async payments(_: unknown, args: PaymentsArguments, context: Context, info: Info) {
      const asked = requestedFields(info);
      const connection =
        asked.has('nodes') || asked.has('edges') || asked.has('pageInfo') ? await listPayments(context, args, requestedRows(info)) : {};
      return { ...connection, counted: () => countPayments(context, args) };
    },
  },
  PaymentConnection: { totalCount },
  Mutation: {
    recordPaymentStatus: (_: unknown, { key, input }: { key: string; input: RecordInput }, context: Context) =>
      recordPaymentStatus(context, key, input),
  },
  RecordPaymentStatusPayload: {
    payment: ({ done }: PaymentWritten, _: unknown, context: Context, info: Info) =>
      done ? findPayment(context, { id: done.payment, owner: done.person }, requestedFields(info)) : null,
  },
  Payment: {
    __resolveReference: (r: { id?: string; ref?: string }, context: Context, info: Info) =>
      findPaymentByReference(context, r.id ?? r.ref ?? '', requestedOnType(info, 'Payment')),
    id: reference,
    ref: reference,
    recipient: (payment: Row) => stub('Person', payment.recipient),
    benefit: (payment: Row) => stub('Benefit', payment.benefit, payment.$person),
    enrollment: (payment: Row) => stub('Enrollment', payment.enrollment, payment.$person),
    program: (payment: Row) => stub('Program', payment.program),
    account: (payment: Row, _: unknown, context: Context, info: Info) =>
      typeof payment.account === 'string'
        ? findAccount(context, { id: payment.account, owner: payment.$collector as string }, requestedFields(info))
        : null,
    history: (payment: Row, args: PageArguments, context: Context, info: Info) =>
      historyOf(context, keyOf(payment), args, requestedRows(info)),
  },
  Person: {
    payments: (person: Stub, args: PaymentsOfArguments, context: Context, info: Info) =>
      paymentsOfPerson(context, person.$key, args, requestedRows(info)),
  },
  Enrollment: {
    payments: (enrollment: Stub, args: PageArguments, context: Context, info: Info) =>
      paymentsOfEnrollment(context, keyOf(enrollment), args, requestedRows(info)),
  },
};
