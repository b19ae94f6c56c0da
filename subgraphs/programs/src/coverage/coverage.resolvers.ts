import { type Context, type Resolvers, requestedFields } from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { findProgram } from '../program/program.repository.ts';
import { coverageUnder, type ToldCell } from './coverage.repository.ts';

/** Resolvers of coverage. */
export const coverageResolvers: Resolvers = {
  Query: {
    coverage: (_: unknown, args: { programs?: string[]; under?: string }, context: Context) => coverageUnder(context, args),
  },
  CoverageCell: {
    program: (cell: ToldCell, _: unknown, context: Context, info: GraphQLResolveInfo) =>
      findProgram(context, cell.program, requestedFields(info)),
    area: (cell: ToldCell) => ({ __typename: 'Area', code: cell.area }),
  },
};
