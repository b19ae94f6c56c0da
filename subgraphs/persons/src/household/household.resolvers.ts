import {
  type Context,
  type Resolvers,
  type Row,
  requestedFields,
  requestedLink,
  requestedOnType,
  requestedRows,
  totalCount,
} from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { areaStub } from '../area/area.resolvers.ts';
import { findPerson } from '../person/person.repository.ts';
import { countHouseholds, findHousehold, type HouseholdsArguments, listHouseholds } from './household.repository.ts';
import { membersOf } from './membership.repository.ts';

type Info = GraphQLResolveInfo;

/** A household by reference. */
export const householdByReference = async (context: Context, reference: string, requested: ReadonlySet<string>): Promise<Row | null> => {
  const referent = context.refs.decode('hh', reference);
  return referent === null ? null : findHousehold(context, referent.id, requested);
};

const reference = (household: Row, _: unknown, context: Context) => context.refs.encode('hh', household.$key);
/** A linked person: loaded, so that one the caller may not know of is null. */
const linkedPerson = (field: string) => (row: Row, _: unknown, context: Context, info: Info) =>
  typeof row[field] === 'string' ? findPerson(context, row[field], requestedFields(info)) : null;

/** Resolvers of households and places in them. */
export const householdResolvers: Resolvers = {
  Query: {
    household: (_: unknown, { id }: { id: string }, context: Context, info: Info) =>
      householdByReference(context, id, requestedFields(info)),
    async households(_: unknown, args: HouseholdsArguments, context: Context, info: Info) {
      const asked = requestedFields(info);
      const connection =
        asked.has('nodes') || asked.has('edges') || asked.has('pageInfo') ? await listHouseholds(context, args, requestedRows(info)) : {};
      return { ...connection, counted: () => countHouseholds(context, args) };
    },
  },
  HouseholdConnection: { totalCount },
  Household: {
    __resolveReference: (r: { id?: string; ref?: string }, context: Context, info: Info) =>
      householdByReference(context, r.id ?? r.ref ?? '', requestedOnType(info, 'Household')),
    id: reference,
    ref: reference,
    area: (household: Row) => areaStub(household.area),
    head: linkedPerson('head'),
    members: (household: Row, args: object, context: Context, info: Info) =>
      membersOf(context, household.$key, args, requestedRows(info), requestedLink(info, 'person')),
  },
  Membership: {
    person: linkedPerson('person'),
    household: (row: Row, _: unknown, context: Context, info: Info) =>
      typeof row.household === 'string' ? findHousehold(context, row.household, requestedFields(info)) : null,
  },
};
