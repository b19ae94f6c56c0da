import { type Context, childList, childPage, entityLoader, type Page, type PageArguments, type Row, type RowKey } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { b, benefitEntity } from './benefit.entity.ts';

/** One benefit by reference, with the fields asked for; null when absent or out of scope. */
export async function findBenefitByReference(context: Context, reference: string, requested: ReadonlySet<string>): Promise<Row | null> {
  const key = context.refs.decode('ben', reference);
  return key === null ? null : entityLoader(context, benefitEntity, requested).load(key);
}

/** Benefits of an enrollment, newest first. */
export const benefitsOf = (context: Context, enrollment: RowKey, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> =>
  childPage(
    context,
    childList(context, benefitEntity, 'Enrollment.benefits', {
      orderedBy: 'Benefit.validFrom',
      order: [{ value: sql`${b.validFrom}`, type: 'date' }],
      descending: true,
      standard: 12,
    }),
    sql`${b.enrollmentId}`,
    enrollment,
    args,
    requested,
  );
