import { type Context, type Resolvers, requestedFields } from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { type ChangeMembershipInput, changeMembership } from './changes.service.ts';
import { findHousehold } from './household.repository.ts';
import { type RegisterHouseholdInput, registerHousehold } from './household.service.ts';
import { membershipsOf } from './membership.repository.ts';

/** Resolvers of changes to households: what was written is read again under the caller's rights. */
export const householdChangeResolvers: Resolvers = {
  Mutation: {
    async registerHousehold(
      _: unknown,
      { key, input }: { key: string; input: RegisterHouseholdInput },
      context: Context,
      info: GraphQLResolveInfo,
    ) {
      const { done, refusals } = await registerHousehold(context, key, input);
      return { household: done && findHousehold(context, done.household, requestedFields(info, ['household'])), refusals };
    },
    async changeMembership(
      _: unknown,
      { key, input }: { key: string; input: ChangeMembershipInput },
      context: Context,
      info: GraphQLResolveInfo,
    ) {
      const { done, refusals } = await changeMembership(context, key, input);
      if (!done?.membership) return { membership: null, refusals };
      const places = await membershipsOf(context, done.person, { first: 100 }, requestedFields(info, ['membership']));
      return { membership: places.nodes.find((row) => row.$key === done.membership) ?? null, refusals };
    },
  },
};
