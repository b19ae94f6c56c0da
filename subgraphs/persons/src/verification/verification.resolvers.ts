import type { Context, Resolvers } from '@commonweal/kit';
import { type VerificationArguments, verify } from './verification.service.ts';

/** Resolvers of verifications. */
export const verificationResolvers: Resolvers = {
  Query: { verifyBeneficiary: (_: unknown, args: VerificationArguments, context: Context) => verify(context, args) },
  // Reached with a ticket that this registry sealed itself: nothing is to be read for it.
  BeneficiaryVerification: {
    __resolveReference: ({ ticket }: { ticket: string }, context: Context) =>
      context.tickets.open(ticket, 'verification') ? { ticket } : null,
  },
};
