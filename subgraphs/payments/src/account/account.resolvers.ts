import {
  type Context,
  type PageArguments,
  type Resolvers,
  type Row,
  requestedFields,
  requestedOnType,
  requestedRows,
} from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { type Stub, stub } from '../links.ts';
import { accountsOf, findAccountByReference } from './account.repository.ts';

type Info = GraphQLResolveInfo;

const reference = (account: Row, _: unknown, context: Context) => context.refs.encode('acc', account.$key, account.$person!);

/** Resolvers of accounts. */
export const accountResolvers: Resolvers = {
  Query: {
    account: (_: unknown, { id }: { id: string }, context: Context, info: Info) =>
      findAccountByReference(context, id, requestedFields(info)),
  },
  Account: {
    __resolveReference: (r: { id?: string; ref?: string }, context: Context, info: Info) =>
      findAccountByReference(context, r.id ?? r.ref ?? '', requestedOnType(info, 'Account')),
    id: reference,
    ref: reference,
    person: (account: Row) => stub('Person', account.person),
  },
  Person: {
    accounts: (person: Stub, args: PageArguments, context: Context, info: Info) =>
      accountsOf(context, person.$key, args, requestedRows(info)),
  },
};
