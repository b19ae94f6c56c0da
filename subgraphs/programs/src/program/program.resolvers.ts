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
import {
  type Compatibility,
  compatibilitiesOf,
  cyclesOf,
  findProgram,
  findProgramBy,
  listPrograms,
  type ProgramsArguments,
} from './program.repository.ts';

type Info = GraphQLResolveInfo;

const reference = (program: Row, _: unknown, context: Context) => context.refs.encode('prg', program.$key);

/** Resolvers of programs. */
export const programResolvers: Resolvers = {
  Query: {
    program: (_: unknown, args: { id?: string; code?: string }, context: Context, info: Info) =>
      findProgramBy(context, args, requestedFields(info)),
    programs: (_: unknown, args: ProgramsArguments, context: Context, info: Info) => listPrograms(context, args, requestedRows(info)),
  },
  Program: {
    __resolveReference: (r: { id?: string; ref?: string }, context: Context, info: Info) =>
      findProgramBy(context, { id: r.id ?? r.ref ?? '' }, requestedOnType(info, 'Program')),
    id: reference,
    ref: reference,
    compatibilities: (program: Row, _: unknown, context: Context) => compatibilitiesOf(context, program.$key),
    cycles: (program: Row, args: PageArguments, context: Context, info: Info) => cyclesOf(context, program.$key, args, requestedRows(info)),
  },
  ProgramCompatibility: {
    with: (rule: Compatibility, _: unknown, context: Context, info: Info) => findProgram(context, rule.with, requestedFields(info)),
  },
};
