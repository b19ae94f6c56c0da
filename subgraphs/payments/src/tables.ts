import { ofPersons, reference } from '@commonweal/kit';
import { account, provider } from './account/account.table.ts';
import { payment, paymentEvent } from './payment/payment.table.ts';

/** The tables of the payments registry, with their placement. */
export const tables = [
  reference(provider),
  ofPersons(account, 'person_id'),
  ofPersons(payment, 'person_id'),
  ofPersons(paymentEvent, 'person_id'),
];
