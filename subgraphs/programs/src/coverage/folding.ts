import { type Db, type Pool, RowSession } from '@commonweal/kit';
import { sql } from 'drizzle-orm';

/**
 * Folds changes of the counts into the counts: one statement, so that a reader sees each change once, before or after. Two may run at the same
 * time: a change is deleted by one of them only, and the cells are met in one order. Resolves with how many changes were folded.
 */
export async function fold(db: Db, most = 20_000): Promise<number> {
  const rows = await db.all<{ folded: string }>(sql`
    with taken as (
      delete from coverage_delta where delta_id in (select delta_id from coverage_delta order by delta_id limit ${most}) returning program_id, area_path, change
    ), folded as (
      insert into coverage_cell as c (program_id, area_path, beneficiaries)
      select program_id, area_path, sum(change) from taken group by program_id, area_path order by program_id, area_path
      on conflict (program_id, area_path) do update set beneficiaries = c.beneficiaries + excluded.beneficiaries
    )
    select count(*) as folded from taken`);
  return Number(rows[0]?.folded ?? 0);
}

/** Folds now and again until stopped. A round that fails is left to the next: the changes wait, and are counted all the same. */
export function startFolding(pool: Pool, everyMs = 5000): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = new RowSession(pool, {})
      .write((db) => fold(db), {})
      .catch(() => {})
      .finally(() => {
        busy = false;
      });
  }, everyMs).unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
