import type { Context, Resolvers } from '@commonweal/kit';
import { verify } from './verification.repository.ts';

/** Resolvers of verification. */
export const verificationResolvers: Resolvers = {
  BeneficiaryVerification: {
    __resolveReference: ({ ticket }: { ticket: string }, context: Context) => verify(context, ticket),
  },
};
