import { type Context, type PageArguments, type Resolvers, type Row, requestedRows } from '@commonweal/kit';
import { ACCESS_CLASSES, ACCESS_USES, type SharingPolicy } from '@commonweal/schema';
import type { GraphQLResolveInfo } from 'graphql';
import { listConsumers, listPolicies } from './policy.repository.ts';

type Info = GraphQLResolveInfo;

/** Resolvers of consumers and sharing policies. */
export const policyResolvers: Resolvers = {
  Query: {
    consumers: (_: unknown, args: PageArguments, context: Context, info: Info) => listConsumers(context, args, requestedRows(info)),
    sharingPolicies: (_: unknown, args: PageArguments, context: Context, info: Info) => listPolicies(context, args, requestedRows(info)),
  },
  SharingPolicy: {
    grants: ({ grants }: Row) => grants && grantTexts(grants as SharingPolicy['grants']),
  },
};

/** Grants as texts, a class and a use each, in the order of the lists. */
const grantTexts = (grants: SharingPolicy['grants']): string[] =>
  ACCESS_CLASSES.flatMap((c) => ACCESS_USES.filter((use) => grants[c]?.includes(use)).map((use) => `${c} ${use}`));
