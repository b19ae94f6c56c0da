import {
  areaCodeOf,
  type Context,
  type PageArguments,
  type Resolvers,
  type Row,
  requestedFields,
  requestedLink,
  requestedOnType,
  requestedRows,
  totalCount,
} from '@commonweal/kit';
import type { GraphQLResolveInfo } from 'graphql';
import { benefitsOf } from '../benefit/benefit.repository.ts';
import { findProgram } from '../program/program.repository.ts';
import {
  countEnrollments,
  type EnrollmentsArguments,
  type EnrollmentsOfArguments,
  enrollmentsOfHousehold,
  enrollmentsOfPerson,
  findEnrollment,
  findEnrollmentByReference,
  historyOf,
  listEnrollments,
} from './enrollment.repository.ts';
import { type ChangeInput, changeEnrollmentStatus, type EnrollInput, type EnrollmentWritten, enroll } from './enrollment.service.ts';
import { overlapOf } from './overlap.repository.ts';

type Info = GraphQLResolveInfo;
interface Stub {
  readonly $key: string;
}

const keyOf = (row: Row) => ({ id: row.$key, owner: row.$person });
const reference = (row: Row, _: unknown, context: Context) => context.refs.encode('enr', row.$key, row.$person!);
/** A link to what another registry owns: the gateway asks it there, under the caller's rights. */
const stub = (typename: string, id: unknown) => (typeof id === 'string' ? { __typename: typename, $key: id } : null);
/** What a reference of another registry stands for. It is not looked up here: all that is given of it stands in lists with rows of their own. */
const stubByReference = (typename: string, kind: 'per' | 'hh') => (r: { id?: string }, context: Context) =>
  stub(typename, context.refs.decode(kind, r.id ?? '')?.id);

const requestedEnrollment = (info: Info) => ({ rows: requestedRows(info), program: requestedLink(info, 'program') });

/** Resolvers of enrollments, and of what they add to persons and households. */
export const enrollmentResolvers: Resolvers = {
  Query: {
    enrollment: (_: unknown, { id }: { id: string }, context: Context, info: Info) =>
      findEnrollmentByReference(context, id, requestedFields(info)),
    async enrollments(_: unknown, args: EnrollmentsArguments, context: Context, info: Info) {
      const asked = requestedFields(info);
      const connection =
        asked.has('nodes') || asked.has('edges') || asked.has('pageInfo') ? await listEnrollments(context, args, requestedRows(info)) : {};
      return { ...connection, counted: () => countEnrollments(context, args) };
    },
  },
  EnrollmentConnection: { totalCount },
  Mutation: {
    enroll: (_: unknown, { key, input }: { key: string; input: EnrollInput }, context: Context) => enroll(context, key, input),
    changeEnrollmentStatus: (_: unknown, { key, input }: { key: string; input: ChangeInput }, context: Context) =>
      changeEnrollmentStatus(context, key, input),
  },
  EnrollmentPayload: {
    enrollment: ({ done }: EnrollmentWritten, _: unknown, context: Context, info: Info) =>
      done ? findEnrollment(context, { id: done.enrollment, owner: done.person }, requestedFields(info)) : null,
  },
  Enrollment: {
    __resolveReference: (r: { id?: string; ref?: string }, context: Context, info: Info) =>
      findEnrollmentByReference(context, r.id ?? r.ref ?? '', requestedOnType(info, 'Enrollment')),
    id: reference,
    ref: reference,
    person: (row: Row) => stub('Person', row.person),
    household: (row: Row) => stub('Household', row.household),
    program: (row: Row, _: unknown, context: Context, info: Info) =>
      typeof row.program === 'string' ? findProgram(context, row.program, requestedFields(info)) : null,
    history: (row: Row, args: PageArguments, context: Context, info: Info) => historyOf(context, keyOf(row), args, requestedRows(info)),
    benefits: (row: Row, args: PageArguments, context: Context, info: Info) => benefitsOf(context, keyOf(row), args, requestedRows(info)),
  },
  Person: {
    __resolveReference: stubByReference('Person', 'per'),
    id: (person: Stub, _: unknown, context: Context) => context.refs.encode('per', person.$key),
    enrollments: (person: Stub, args: EnrollmentsOfArguments, context: Context, info: Info) =>
      enrollmentsOfPerson(context, person.$key, args, requestedEnrollment(info)),
    overlap: (person: Stub, { program }: { program: string }, context: Context) => overlapOf(context, person.$key, program),
  },
  Household: {
    __resolveReference: stubByReference('Household', 'hh'),
    id: (household: Stub, _: unknown, context: Context) => context.refs.encode('hh', household.$key),
    enrollments: (household: Stub, args: EnrollmentsOfArguments, context: Context, info: Info) =>
      enrollmentsOfHousehold(context, household.$key, args, requestedEnrollment(info)),
  },
  Area: {
    __resolveReference: ({ code }: { code: string }) => ({ code: areaCodeOf(code, 'code') }),
  },
};
