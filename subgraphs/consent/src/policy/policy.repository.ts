import { type Context, type Page, type PageArguments, page } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { consumerEntity, policyEntity, s, u } from './policy.entity.ts';

/** A page of consumers, by code. */
export const listConsumers = (context: Context, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> =>
  page(
    context,
    { name: 'Query.consumers', entity: consumerEntity, order: [{ value: sql`${u.consumerId}`, type: 'text' }], standard: 50 },
    args,
    requested,
  );

/** A page of the sharing policies in force, by consumer and purpose; of one consumer when it is named. */
export function listPolicies(
  context: Context,
  args: PageArguments & { readonly consumer?: string | null },
  requested: ReadonlySet<string>,
): Promise<Page> {
  const inForce = sql`${s.status} = 'PUBLISHED' and ${s.validFrom} <= now() and (${s.validUntil} is null or ${s.validUntil} > now())`;
  const named = args.consumer != null;
  return page(
    context,
    {
      name: 'Query.sharingPolicies',
      entity: policyEntity,
      where: named ? sql`${inForce} and ${s.consumerId} = ${args.consumer}` : inForce,
      order: [
        { value: sql`${s.consumerId}`, type: 'text' },
        { value: sql`${s.purposeId}`, type: 'text' },
      ],
      standard: 50,
      filter: args.consumer ?? null,
      needs: named ? [{ field: 'SharingPolicy.consumer', use: 'READ' }] : [],
    },
    args,
    requested,
  );
}
