import {
  type Context,
  childList,
  childPage,
  type Resolvers,
  type Row,
  requestedFields,
  requestedOnType,
  requestedRows,
  totalCount,
} from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { areaStub } from '../area/area.resolvers.ts';
import { findHousehold } from '../household/household.repository.ts';
import { membershipsOf } from '../household/membership.repository.ts';
import { identifierEntity, identifierOwner } from './person.entity.ts';
import {
  countPersons,
  findPerson,
  findPersonByNumber,
  type IdentifierArguments,
  listPersons,
  type PersonsArguments,
} from './person.repository.ts';

type Info = GraphQLResolveInfo;

/** The internal id behind a reference to a person, or null for a text that is none. */
export const personIdOf = (context: Context, reference: string): string | null => context.refs.decode('per', reference)?.id ?? null;

/** A person by reference. */
export const personByReference = async (context: Context, reference: string, requested: ReadonlySet<string>): Promise<Row | null> => {
  const id = personIdOf(context, reference);
  return id === null ? null : findPerson(context, id, requested);
};

const reference = (person: Row, _: unknown, context: Context) => context.refs.encode('per', person.$key);

/** Resolvers of persons. */
export const personResolvers: Resolvers = {
  Query: {
    me: (_: unknown, __: unknown, context: Context, info: Info) =>
      context.principal.person === null ? null : findPerson(context, context.principal.person, requestedFields(info)),
    person: (_: unknown, { id }: { id: string }, context: Context, info: Info) => personByReference(context, id, requestedFields(info)),
    personByIdentifier: (_: unknown, args: IdentifierArguments, context: Context, info: Info) =>
      findPersonByNumber(context, args, requestedFields(info)),
    async persons(_: unknown, args: PersonsArguments, context: Context, info: Info) {
      const rows = requestedRows(info);
      const asked = requestedFields(info);
      const connection = asked.has('nodes') || asked.has('edges') || asked.has('pageInfo') ? await listPersons(context, args, rows) : {};
      return { ...connection, counted: () => countPersons(context, args) };
    },
  },
  PersonConnection: { totalCount },
  Person: {
    __resolveReference: (r: { id?: string; ref?: string }, context: Context, info: Info) =>
      personByReference(context, r.id ?? r.ref ?? '', requestedOnType(info, 'Person')),
    id: reference,
    ref: reference,
    area: (person: Row) => areaStub(person.area),
    household: (person: Row, _: unknown, context: Context, info: Info) =>
      typeof person.household === 'string' ? findHousehold(context, person.household, requestedFields(info)) : null,
    identifiers: async (person: Row, _: unknown, context: Context, info: Info) =>
      (
        await childPage(
          context,
          childList(context, identifierEntity, 'Person.identifiers', {}),
          identifierOwner,
          person.$key,
          { first: 20 },
          requestedFields(info),
        )
      ).nodes,
    disabilities: (person: Row) => disabilities(person),
    memberships: (person: Row, args: object, context: Context, info: Info) =>
      membershipsOf(context, person.$key, args, requestedRows(info)),
  },
};

/** Two arrays of a row to a list of objects. What was not given is null in each. */
function disabilities(person: Row): object[] | null {
  const given = person.disabilities as { type?: string[] | null; severity?: number[] | null } | undefined;
  const length = given?.type?.length ?? given?.severity?.length;
  return length === undefined
    ? null
    : Array.from({ length }, (_, n) => ({ type: given?.type?.[n] ?? null, severity: given?.severity?.[n] ?? null }));
}
