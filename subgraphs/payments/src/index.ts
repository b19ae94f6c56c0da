import { joinResolvers, type SubgraphDefinition } from '@commonweal/kit';
import { readSdl } from '@commonweal/kit/config.ts';
import { accountResolvers } from './account/account.resolvers.ts';
import { onEvents } from './events.ts';
import { linkResolvers } from './links.ts';
import { paymentResolvers } from './payment/payment.resolvers.ts';

export { tables } from './tables.ts';

/** The registry of payments and of the accounts that they go to. */
export const payments: SubgraphDefinition = {
  name: 'payments',
  sdl: readSdl('payments'),
  resolvers: joinResolvers(linkResolvers, paymentResolvers, accountResolvers),
  onEvents,
};
