import { documentIdOf, type OperationsMode, type RegisteredOperation } from '@commonweal/schema';
import type postgres from 'postgres';
import { type OwnerSql, raiseEpoch } from '../policy/publish.ts';

/** An operation as it is to be registered. */
export interface Registration extends Omit<RegisteredOperation, 'id'> {
  /** Who registers it. */
  readonly by: string;
}

/** A registered operation as the registry keeps it. */
export interface KeptOperation extends RegisteredOperation {
  readonly registeredAt: Date;
  readonly registeredBy: string;
  readonly retiredAt: Date | null;
}

/** Registers an operation, or takes up again one that was retired. Gateways know it within a second. False when it was registered already. */
export async function registerOperation(sql: postgres.Sql, r: Registration): Promise<boolean> {
  return sql.begin(async (tx) => {
    const id = documentIdOf(r.text);
    const changed = await tx`
      insert into registered_operation as old (consumer_id, purpose_id, operation_id, name, text, registered_by)
      values (${r.consumer}, ${r.purpose}, ${id}, ${r.name}, ${r.text}, ${r.by})
      on conflict (consumer_id, purpose_id, operation_id) do update
        set name = excluded.name, registered_at = now(), registered_by = excluded.registered_by, retired_at = null
      where old.retired_at is not null or old.name <> excluded.name
      returning 1`;
    if (changed.length > 0) await raiseOperationEpoch(tx, `registered for ${r.consumer}: ${id}`);
    return changed.length > 0;
  });
}

/** Retires an operation of a consumer, for one purpose or for all; gives the number of purposes. It stops within a second. */
export async function retireOperation(
  sql: postgres.Sql,
  { id, consumer, purpose }: { id: string; consumer: string; purpose?: string | undefined },
): Promise<number> {
  return sql.begin(async (tx) => {
    const retired = await tx`
      update registered_operation set retired_at = now()
      where consumer_id = ${consumer} and operation_id = ${id} and retired_at is null
        and (${purpose ?? null}::text is null or purpose_id = ${purpose ?? null})
      returning 1`;
    if (retired.length > 0) await raiseOperationEpoch(tx, `retired for ${consumer}: ${id}`);
    return retired.length;
  });
}

/** All operations that were ever registered, those of one consumer when it is named, by consumer, purpose and name. */
export async function listOperations(sql: OwnerSql, consumer?: string): Promise<KeptOperation[]> {
  const rows = await sql`
    select * from registered_operation where ${consumer ?? null}::text is null or consumer_id = ${consumer ?? null}
    order by consumer_id, purpose_id, name, operation_id`;
  return rows.map((r) => ({
    id: r.operation_id as string,
    consumer: r.consumer_id as string,
    purpose: r.purpose_id as string,
    name: r.name as string,
    text: r.text as string,
    registeredAt: new Date(r.registered_at as string),
    registeredBy: r.registered_by as string,
    retiredAt: r.retired_at === null ? null : new Date(r.retired_at as string),
  }));
}

/** Sets what a consumer may run: anything, or only what is registered for it. Holds within a second. False when there is no such consumer. */
export async function setOperationsMode(sql: postgres.Sql, consumer: string, mode: OperationsMode): Promise<boolean> {
  return sql.begin(async (tx) => {
    const changed = await tx`update consumer set operations = ${mode} where consumer_id = ${consumer} returning 1`;
    if (changed.length > 0) await raiseEpoch(tx, `may run ${mode === 'ANY' ? 'any operation' : 'registered operations only'}: ${consumer}`);
    return changed.length > 0;
  });
}

// Two at the same time: one of them fails and is done again.
const raiseOperationEpoch = (sql: OwnerSql, reason: string) =>
  sql`insert into operation_epoch (epoch, reason) select max(epoch) + 1, ${reason} from operation_epoch`;
