import { type Context, type Db, type Page, type PageArguments, page, type Row } from '@commonweal/kit';
import DataLoader from 'dataloader';
import { sql } from 'drizzle-orm';
import { a, agreementEntity } from './agreement.entity.ts';
import { agreement } from './agreement.table.ts';

/** Code and version of an agreement. */
export interface AgreementVersion {
  readonly code: string;
  readonly version: number;
}

/** What a new consent is held against. */
export interface CurrentAgreement extends AgreementVersion {
  readonly hash: string;
  readonly purposes: readonly string[];
  /** Mask of consent categories. */
  readonly categories: number;
  readonly recipients: readonly string[];
}

const isCurrent = sql`${a.version} = (select max(n.version) from ${agreement} as n where n.code = ${a.code})`;

/** A page of agreements in their current version, by code. */
export const listAgreements = (context: Context, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> =>
  page(
    context,
    { name: 'Query.processingAgreements', entity: agreementEntity, where: isCurrent, order: [{ value: sql`${a.code}`, type: 'text' }] },
    args,
    requested,
  );

/** The current version of an agreement, or null. */
export async function currentAgreement(db: Db, code: string): Promise<CurrentAgreement | null> {
  const rows = await db.all<CurrentAgreement>(
    sql`select ${a.code}, ${a.version}, ${a.hash}, ${a.purposes}, ${a.categories}, ${a.recipients} from ${agreement} as a where ${a.code} = ${code} and ${isCurrent}`,
  );
  return rows[0] ?? null;
}

const columns = sql.join(
  Object.entries(agreementEntity.fields).map(([name, value]) => sql`${value} as ${sql.identifier(name)}`),
  sql`, `,
);

/** One version of an agreement: all of it, since all of it is public. Null when there is none. */
export function findAgreement(context: Context, of: AgreementVersion): Promise<Partial<Row> | null> {
  let loader = context.loaders.get('agreements') as DataLoader<AgreementVersion, Partial<Row> | null, string> | undefined;
  if (!loader) {
    loader = new DataLoader<AgreementVersion, Partial<Row> | null, string>(
      async (keys) => {
        const rows = await context.db.all<Partial<Row>>(sql`
          select ${columns} from ${agreement} as a where (${a.code}, ${a.version}) in (
            select * from unnest(${sql.param(keys.map((k) => k.code))}::text[], ${sql.param(keys.map((k) => k.version))}::int[]))`);
        return keys.map((k) => rows.find((r) => r.code === k.code && r.version === k.version) ?? null);
      },
      { cacheKeyFn: (k) => `${k.code} ${k.version}` },
    );
    context.loaders.set('agreements', loader);
  }
  return loader.load(of);
}
