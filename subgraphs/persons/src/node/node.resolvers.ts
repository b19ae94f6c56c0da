import { type Context, kindOf, REFERENCE_TYPES, type Resolvers, requestedOnType } from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { householdByReference } from '../household/household.resolvers.ts';
import { personByReference } from '../person/person.resolvers.ts';

/** Anything by its reference. What this registry owns is loaded; for the rest the prefix says the type, and its registry whether it exists. */
async function node(_: unknown, { id }: { id: string }, context: Context, info: GraphQLResolveInfo) {
  const kind = kindOf(id);
  if (kind === null || context.refs.decode(kind, id) === null) return null;
  const __typename = REFERENCE_TYPES[kind];
  if (kind !== 'per' && kind !== 'hh') return { __typename, ref: id };
  const row = await (kind === 'per' ? personByReference : householdByReference)(context, id, requestedOnType(info, __typename));
  return row && { ...row, __typename };
}

/** Resolvers of `node`. */
export const nodeResolvers: Resolvers = {
  Query: { node },
  Node: { __resolveType: (value: { __typename: string }) => value.__typename },
};
