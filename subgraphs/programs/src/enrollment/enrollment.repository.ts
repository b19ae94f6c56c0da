import {
  allOf,
  areaCodeOf,
  areaWithin,
  argumentReads,
  type Context,
  childList,
  childPage,
  entityLoader,
  type Page,
  type PageArguments,
  page,
  type Row,
  type RowKey,
  readsOf,
  roundedCount,
} from '@commonweal/kit';
import { ApiError } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import { programEntity } from '../program/program.entity.ts';
import { program } from '../program/program.table.ts';
import { e, enrollmentEntity, eventEntity, eventColumns as v } from './enrollment.entity.ts';

/** One enrollment, with the fields asked for; null when absent or out of scope. */
export const findEnrollment = (context: Context, key: RowKey, requested: ReadonlySet<string>): Promise<Row | null> =>
  entityLoader(context, enrollmentEntity, requested).load(key);

/** One enrollment by reference. */
export async function findEnrollmentByReference(context: Context, reference: string, requested: ReadonlySet<string>): Promise<Row | null> {
  const key = context.refs.decode('enr', reference);
  return key === null ? null : findEnrollment(context, key, requested);
}

/** What the list of enrollments is asked with. */
export interface EnrollmentsArguments extends PageArguments {
  readonly filter?: { readonly program?: string | null; readonly status?: readonly string[] | null; readonly area?: string | null } | null;
}

const statusIn = (status: readonly string[] | null | undefined): SQL | undefined =>
  status ? sql`${e.status} = any (${sql.param([...status])}::text[])` : undefined;

function filterCondition({ filter }: EnrollmentsArguments): SQL | undefined {
  if (!filter) return undefined;
  if (Object.values(filter).some((x) => x === null))
    throw new ApiError('BAD_USER_INPUT', 'A condition of a filter may not be null: leave it out.', { argument: 'filter' });
  return allOf(
    filter.program === undefined ? undefined : sql`${e.programId} = (select program_id from ${program} where code = ${filter.program})`,
    statusIn(filter.status),
    filter.area == null ? undefined : areaWithin(sql`${e.areaPath}`, areaCodeOf(filter.area, 'filter.area')),
  );
}

const needsOf = (context: Context, args: EnrollmentsArguments) => readsOf(context, 'EnrollmentFilter', args.filter ?? {});

/** A page of enrollments, by their random ids. */
export const listEnrollments = (context: Context, args: EnrollmentsArguments, requested: ReadonlySet<string>): Promise<Page> =>
  page(
    context,
    {
      name: 'Query.enrollments',
      entity: enrollmentEntity,
      where: filterCondition(args),
      order: [],
      needs: needsOf(context, args),
      filter: args.filter ?? null,
    },
    args,
    requested,
  );

/** How many enrollments a filter finds, rounded. */
export const countEnrollments = (context: Context, args: EnrollmentsArguments): Promise<number | null> =>
  roundedCount(context, enrollmentEntity, 'EnrollmentConnection.totalCount', filterCondition(args), needsOf(context, args));

/** What the enrollments of one person or household are asked with. */
export interface EnrollmentsOfArguments extends PageArguments {
  readonly status?: readonly string[] | null;
}

/** What is asked for of an enrollment, and of its program, which is read along. */
export interface RequestedEnrollment {
  readonly rows: ReadonlySet<string>;
  readonly program: ReadonlySet<string> | null;
}

const listOf = (context: Context, coordinate: string, { status }: EnrollmentsOfArguments, { program: asked }: RequestedEnrollment) =>
  childList(context, enrollmentEntity, coordinate, {
    reads: argumentReads(context, coordinate, { status }),
    where: statusIn(status),
    orderedBy: 'Enrollment.startsOn',
    order: [{ value: sql`${e.startsOn}`, type: 'date' }],
    descending: true,
    filter: status ?? null,
    joined: asked ? [{ field: 'program', entity: programEntity(context), requested: asked }] : [],
  });

/** Enrollments of a person, newest first. */
export const enrollmentsOfPerson = (
  context: Context,
  personId: string,
  args: EnrollmentsOfArguments,
  requested: RequestedEnrollment,
): Promise<Page> =>
  childPage(context, listOf(context, 'Person.enrollments', args, requested), sql`${e.personId}`, personId, args, requested.rows);

/** Enrollments of a household itself, newest first. */
export const enrollmentsOfHousehold = (
  context: Context,
  householdId: string,
  args: EnrollmentsOfArguments,
  requested: RequestedEnrollment,
): Promise<Page> =>
  childPage(context, listOf(context, 'Household.enrollments', args, requested), sql`${e.householdId}`, householdId, args, requested.rows);

/** Changes of state of an enrollment, oldest first. */
export const historyOf = (context: Context, key: RowKey, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> =>
  childPage(
    context,
    childList(context, eventEntity, 'Enrollment.history', {
      orderedBy: 'EnrollmentEvent.on',
      order: [
        { value: sql`${v.onDate}`, type: 'date' },
        { value: sql`${v.recordedAt}`, type: 'timestamptz' },
      ],
    }),
    sql`${v.enrollmentId}`,
    key,
    args,
    requested,
  );
