import {
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
} from '@commonweal/kit';
import { ApiError } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import { c, consentEntity, personEntity, statusNow } from './record.entity.ts';

/** Conditions on consents, as the graph gives them. */
export interface ConsentFilter {
  readonly status?: readonly string[] | null;
  readonly purpose?: string | null;
}

/** One consent by internal ids, with the fields asked for; null when absent or out of scope. */
export const findConsent = (context: Context, key: RowKey, requested: ReadonlySet<string>): Promise<Row | null> =>
  entityLoader(context, consentEntity(context), requested).load(key);

/** One person by internal id, as this registry knows them; null when absent or out of scope. */
export const findPerson = (context: Context, id: string): Promise<Row | null> =>
  entityLoader(context, personEntity, new Set()).load({ id, owner: null });

function condition(filter: ConsentFilter): SQL | undefined {
  if (Object.values(filter).some((v) => v === null))
    throw new ApiError('BAD_USER_INPUT', 'A condition of a filter may not be null: leave it out.', { argument: 'filter' });
  const parts: SQL[] = [];
  if (filter.status) parts.push(sql`${statusNow} = any (${sql.param([...filter.status])}::text[])`);
  if (filter.purpose != null) parts.push(sql`${c.purposeId} = ${filter.purpose}`);
  return parts.length === 0 ? undefined : sql.join(parts, sql` and `);
}

/** A page of consents, by reference. */
export function listConsents(
  context: Context,
  args: PageArguments & { readonly filter?: ConsentFilter | null },
  requested: ReadonlySet<string>,
): Promise<Page> {
  const filter = args.filter ?? {};
  return page(
    context,
    {
      name: 'Query.consentRecords',
      entity: consentEntity(context),
      where: condition(filter),
      order: [],
      needs: readsOf(context, 'ConsentFilter', filter),
      filter,
    },
    args,
    requested,
  );
}

/** A page of one person's consents, newest first. */
export const consentsOf = (context: Context, person: string, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> =>
  childPage(
    context,
    childList(context, consentEntity(context), 'Person.consents', {
      orderedBy: 'ConsentRecord.validFrom',
      order: [{ value: sql`${c.recordedAt}`, type: 'timestamptz' }],
      descending: true,
    }),
    sql`${c.personId}`,
    person,
    args,
    requested,
  );
