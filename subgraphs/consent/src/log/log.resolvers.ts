import { type Context, type PageArguments, type Resolvers, requestedRows } from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { listLog } from './log.repository.ts';

/** Resolvers of the access log. */
export const logResolvers: Resolvers = {
  Query: {
    accessLog: (_: unknown, args: PageArguments, context: Context, info: GraphQLResolveInfo) => listLog(context, args, requestedRows(info)),
  },
};
