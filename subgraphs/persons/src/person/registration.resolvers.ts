import type { Context, Resolvers } from '@commonweal/kit';
import { type RegisterPersonInput, registerPerson } from './registration.service.ts';

/** Resolvers of registrations. */
export const registrationResolvers: Resolvers = {
  Mutation: {
    async registerPerson(_: unknown, { key, input }: { key: string; input: RegisterPersonInput }, context: Context) {
      const { done, refusals } = await registerPerson(context, key, input);
      return {
        receipt: done && { number: done.number, receivedAt: done.receivedAt, personId: context.refs.encode('per', done.person) },
        refusals,
      };
    },
  },
};
