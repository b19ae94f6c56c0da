import { type Catalog, CEILINGS, CONSUMER_KINDS, PURPOSES, purposeAndParents } from '@commonweal/schema';
import type postgres from 'postgres';
import { PURPOSE_NAMES } from './purposes.ts';

/** A connection of the migrator, or a transaction on one. */
export type OwnerSql = postgres.Sql | postgres.TransactionSql;

/** Raises the epoch: from its commit on, all processes take up the policies as they stand then. Two at the same time: one of them fails and is done again. */
export async function raiseEpoch(sql: OwnerSql, reason: string): Promise<number> {
  const [row] =
    await sql`insert into policy_epoch (epoch, reason) select coalesce(max(epoch), 0) + 1, ${reason} from policy_epoch returning epoch`;
  return Number(row?.epoch);
}

/** What became of a suspension: nothing is changed, and no epoch raised, where it is so already. */
export type Suspension = 'CHANGED' | 'WAS_SO' | 'NO_SUCH_CONSUMER';

/** Cuts a consumer off, or lets it in again; `why` is kept with the epoch. Needs one person; holds as soon as the next look at the epoch, within a second. */
export async function suspendConsumer(sql: postgres.Sql, code: string, suspended: boolean, why = ''): Promise<Suspension> {
  return sql.begin(async (tx) => {
    const [consumer] = await tx`select suspended from consumer where consumer_id = ${code} for update`;
    if (!consumer) return 'NO_SUCH_CONSUMER';
    if (consumer.suspended === suspended) return 'WAS_SO';
    await tx`update consumer set suspended = ${suspended} where consumer_id = ${code}`;
    await raiseEpoch(tx, [suspended ? 'suspended' : 'let in again', code, why].filter(Boolean).join(': '));
    return 'CHANGED';
  });
}

/** Writes what comes with the code and not from an administrator (purposes, ceilings, classes of fields) to where the database checks publications against it. */
export async function writeRules(sql: OwnerSql, catalog: Catalog): Promise<void> {
  // Parents stand before their children in the list, as the foreign key wants it.
  for (const id of PURPOSES) {
    await sql`insert into purpose (purpose_id, parent_id, name) values (${id}, ${purposeAndParents(id)[1] ?? null}, ${PURPOSE_NAMES[id]}) on conflict (purpose_id) do update set name = excluded.name`;
  }
  await writeCeilings(sql, catalog);
}

async function writeCeilings(sql: OwnerSql, catalog: Catalog): Promise<void> {
  const uses = CONSUMER_KINDS.flatMap((kind) =>
    Object.entries(CEILINGS[kind].uses).flatMap(([access_class, of]) => of.map((use) => ({ kind, access_class, use }))),
  );
  const purposes = CONSUMER_KINDS.flatMap((kind) => CEILINGS[kind].purposes.map((purpose_id) => ({ kind, purpose_id })));
  const actions = CONSUMER_KINDS.flatMap((kind) => CEILINGS[kind].actions.map((action) => ({ kind, action })));
  const classes = [...catalog.fields.values()].map((f) => ({ coordinate: f.coordinate, access_class: f.accessClass }));
  await sql`delete from ceiling_use`;
  await sql`delete from ceiling_purpose`;
  await sql`delete from ceiling_action`;
  await sql`delete from field_class`;
  await sql`insert into ceiling_use ${sql(uses)}`;
  await sql`insert into ceiling_purpose ${sql(purposes)}`;
  await sql`insert into ceiling_action ${sql(actions)}`;
  await sql`insert into field_class ${sql(classes)}`;
}
