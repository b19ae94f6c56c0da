import { type Context, childPage, isMoment, type Page, type PageArguments, page, readsOf } from '@commonweal/kit';
import { ApiError } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import { l, logEntity, o, personalLogEntity } from './log.entity.ts';

/** Conditions on records of the access log, as the graph gives them. */
export interface AccessLogFilter {
  readonly consumer?: string | null;
  readonly purpose?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
}

/** The action that opens the records of all consumers. */
const ALL = 'audit.all';

/**
 * Whose records: all, where every right that the caller has was given for that; else the caller's own. A person's own share of the log
 * hangs on the person, so whoever is confined to themselves sees nothing here.
 */
function whose(context: Context): SQL {
  const { alternatives, consumer } = context.decision;
  if (alternatives.some((a) => a.rows.self !== null)) return sql`false`;
  return alternatives.every((a) => a.actions.has(ALL)) ? sql`true` : sql`${l.consumerId} = ${consumer}`;
}

const moment = (text: string, argument: string): string => {
  if (!isMoment(text)) throw new ApiError('BAD_USER_INPUT', 'This is no moment. A moment looks like 2024-05-31T08:00:00Z.', { argument });
  return text;
};

function condition(filter: AccessLogFilter): SQL[] {
  if (Object.values(filter).some((v) => v === null))
    throw new ApiError('BAD_USER_INPUT', 'A condition of a filter may not be null: leave it out.', { argument: 'filter' });
  const parts: SQL[] = [];
  if (filter.consumer != null) parts.push(sql`${l.consumerId} = ${filter.consumer}`);
  if (filter.purpose != null) parts.push(sql`${l.purposeId} = ${filter.purpose}`);
  if (filter.from != null) parts.push(sql`${l.at} >= ${moment(filter.from, 'filter.from')}::text::timestamptz`);
  if (filter.to != null) parts.push(sql`${l.at} < ${moment(filter.to, 'filter.to')}::text::timestamptz`);
  return parts;
}

/** A page of the access log, newest first. */
export function listLog(
  context: Context,
  args: PageArguments & { readonly filter?: AccessLogFilter | null },
  requested: ReadonlySet<string>,
): Promise<Page> {
  const filter = args.filter ?? {};
  return page(
    context,
    {
      name: 'Query.accessLog',
      entity: logEntity,
      where: sql.join([whose(context), ...condition(filter)], sql` and `),
      order: [{ value: sql`${l.at}`, type: 'timestamptz' }],
      descending: true,
      needs: readsOf(context, 'AccessLogFilter', filter),
      filter,
    },
    args,
    requested,
  );
}

/** A page of the looks at one person's data, for that person alone, newest first. A look that is hidden until a day comes into the list on that day. */
export function personalLog(context: Context, person: string, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> {
  const self = context.principal.person;
  const isSelf = self !== null && context.decision.alternatives.every((a) => a.rows.self === self);
  const where = isSelf ? sql`${o.personId} = ${self} and (${o.hiddenUntil} is null or ${o.hiddenUntil} <= now())` : sql`false`;
  return childPage(
    context,
    { name: 'Person.accessLog', entity: personalLogEntity, where, order: [{ value: sql`${o.at}`, type: 'timestamptz' }], descending: true },
    sql`${o.personId}`,
    person,
    args,
    requested,
  );
}
