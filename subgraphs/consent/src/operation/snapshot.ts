import type { Pool } from '@commonweal/kit';
import type { RegisteredOperations } from '@commonweal/schema';

/** The registered operations as they are now, in one consistent state; null when their epoch is still the one that is known. */
export async function readOperations(pool: Pool, knownEpoch: number | null): Promise<RegisteredOperations | null> {
  const [now] = await pool`select max(epoch) as epoch from operation_epoch`;
  if (now && knownEpoch !== null && Number(now.epoch) === knownEpoch) return null;
  return pool.begin('isolation level repeatable read read only', async (tx) => {
    const [state] = await tx`select max(epoch) as epoch from operation_epoch`;
    const rows = await tx`
      select consumer_id, purpose_id, operation_id, name, text from registered_operation
      where retired_at is null order by consumer_id, purpose_id, operation_id`;
    return {
      epoch: Number(state?.epoch),
      operations: rows.map((r) => ({
        id: r.operation_id as string,
        consumer: r.consumer_id as string,
        purpose: r.purpose_id as string,
        name: r.name as string,
        text: r.text as string,
      })),
    };
  });
}
