import { type Context, type Resolvers, requestedOnType } from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { verify } from './verification.repository.ts';

/** Resolvers of verification. */
export const verificationResolvers: Resolvers = {
  BeneficiaryVerification: {
    __resolveReference: ({ ticket }: { ticket: string }, context: Context, info: GraphQLResolveInfo) =>
      verify(context, ticket, requestedOnType(info, 'BeneficiaryVerification')),
  },
};
