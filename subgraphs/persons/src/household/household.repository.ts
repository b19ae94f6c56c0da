import {
  type Context,
  entityLoader,
  type OrderBy,
  type Page,
  type PageArguments,
  page,
  type Row,
  readsOf,
  roundedCount,
} from '@commonweal/kit';
import type { Read } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import { h, householdEntity } from './household.entity.ts';
import { type HouseholdFilter, householdCondition } from './household.filter.ts';

/** One household by internal id, with the fields asked for; null when absent or out of scope. */
export const findHousehold = (context: Context, id: string, requested: ReadonlySet<string>): Promise<Row | null> =>
  entityLoader(context, householdEntity, requested).load({ id, owner: null });

const ORDERS: Readonly<Record<string, readonly OrderBy[]>> = {
  SIZE: [{ value: sql`${h.size}`, type: 'integer' }],
  SCORE: [{ value: sql`${h.score}`, type: 'numeric' }],
  REGISTERED_AT: [{ value: sql`${h.registeredAt}`, type: 'timestamptz' }],
};

/** What the list of households is asked with. */
export interface HouseholdsArguments extends PageArguments {
  readonly filter?: HouseholdFilter | null;
  readonly orderBy?: { readonly by: string; readonly descending?: boolean } | null;
}

const needsOf = (context: Context, args: HouseholdsArguments): Read[] => [
  ...readsOf(context, 'HouseholdFilter', args.filter ?? {}),
  ...readsOf(context, 'HouseholdOrder', args.orderBy ?? {}),
];

/** A page of households. Households without a score come in no list ordered by it. */
export const listHouseholds = (context: Context, args: HouseholdsArguments, requested: ReadonlySet<string>): Promise<Page> => {
  const condition = householdCondition(args.filter);
  const scored = args.orderBy?.by === 'SCORE' ? sql`${h.score} is not null` : undefined;
  return page(
    context,
    {
      name: 'Query.households',
      entity: householdEntity,
      where: condition && scored ? sql`${condition} and ${scored}` : (condition ?? scored),
      order: args.orderBy ? ORDERS[args.orderBy.by]! : [],
      descending: args.orderBy?.descending ?? false,
      needs: needsOf(context, args),
      filter: [args.filter ?? null, args.orderBy ?? null],
    },
    args,
    requested,
  );
};

/** How many households a filter finds, rounded. */
export const countHouseholds = (context: Context, args: HouseholdsArguments): Promise<number | null> =>
  roundedCount(context, householdEntity, 'HouseholdConnection.totalCount', householdCondition(args.filter), needsOf(context, args));
