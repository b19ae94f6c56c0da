import { type Context, type Resolvers, type Row, requestedFields, requestedOnType } from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { findEnrollment } from '../enrollment/enrollment.repository.ts';
import { findBenefitByReference } from './benefit.repository.ts';

type Info = GraphQLResolveInfo;

const reference = (benefit: Row, _: unknown, context: Context) => context.refs.encode('ben', benefit.$key, benefit.$person!);

/** Resolvers of benefits. */
export const benefitResolvers: Resolvers = {
  Query: {
    benefit: (_: unknown, { id }: { id: string }, context: Context, info: Info) =>
      findBenefitByReference(context, id, requestedFields(info)),
  },
  Benefit: {
    __resolveReference: (r: { id?: string; ref?: string }, context: Context, info: Info) =>
      findBenefitByReference(context, r.id ?? r.ref ?? '', requestedOnType(info, 'Benefit')),
    id: reference,
    ref: reference,
    enrollment: (benefit: Row, _: unknown, context: Context, info: Info) =>
      typeof benefit.enrollment === 'string'
        ? findEnrollment(context, { id: benefit.enrollment, owner: benefit.$person }, requestedFields(info))
        : null,
  },
};
