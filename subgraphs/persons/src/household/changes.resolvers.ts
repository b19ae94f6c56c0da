import { type Context, type Resolvers, requestedFields, type Written } from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { type ChangeMembershipInput, changeMembership } from './changes.service.ts';
import { findHousehold } from './household.repository.ts';
import { type RegisterHouseholdInput, registerHousehold } from './household.service.ts';
import { membershipsOf } from './membership.repository.ts';

type Info = GraphQLResolveInfo;

/** Resolvers of changes to households: what was written is read again under the caller's rights, when it is asked for. */
export const householdChangeResolvers: Resolvers = {
  Mutation: {
    registerHousehold: (_: unknown, { key, input }: { key: string; input: RegisterHouseholdInput }, context: Context) =>
      registerHousehold(context, key, input),
    changeMembership: (_: unknown, { key, input }: { key: string; input: ChangeMembershipInput }, context: Context) =>
      changeMembership(context, key, input),
  },
  RegisterHouseholdPayload: {
    household: ({ done }: Written<{ household: string }>, _: unknown, context: Context, info: Info) =>
      done ? findHousehold(context, done.household, requestedFields(info)) : null,
  },
  ChangeMembershipPayload: {
    async membership({ done }: Written<{ person: string; membership: string | null }>, _: unknown, context: Context, info: Info) {
      if (!done?.membership) return null;
      const places = await membershipsOf(context, done.person, { first: 100 }, requestedFields(info));
      return places.nodes.find((row) => row.$key === done.membership) ?? null;
    },
  },
};
