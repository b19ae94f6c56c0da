import { type Context, childList, childPage, entityLoader, type Page, type PageArguments, type Row, type RowKey } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { a, accountEntity } from './account.entity.ts';

/** One account, with the fields asked for; null when absent or out of scope. */
export const findAccount = (context: Context, key: RowKey, requested: ReadonlySet<string>): Promise<Row | null> =>
  entityLoader(context, accountEntity, requested).load(key);

/** One account by reference. */
export async function findAccountByReference(context: Context, reference: string, requested: ReadonlySet<string>): Promise<Row | null> {
  const key = context.refs.decode('acc', reference);
  return key === null ? null : findAccount(context, key, requested);
}

/** Accounts of a person, primary first. */
export const accountsOf = (context: Context, personId: string, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> =>
  childPage(
    context,
    childList(context, accountEntity, 'Person.accounts', {
      orderedBy: 'Account.primary',
      order: [{ value: sql`(not ${a.isPrimary})::int`, type: 'integer' }],
      standard: 10,
    }),
    sql`${a.personId}`,
    personId,
    args,
    requested,
  );
