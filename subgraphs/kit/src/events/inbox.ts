import { sql } from 'drizzle-orm';
import type { Pool } from '../db/pool.ts';
import { type Db, RowSession } from '../db/session.ts';
import { settingsForPerson } from '../db/settings.ts';
import type { RegistryEvent } from './outbox.ts';

/** What a registry does when it hears of something: by type of event. Runs in a transaction that sees the subject's rows only. */
export type EventHandlers = Readonly<Record<string, (db: Db, event: RegistryEvent) => Promise<void>>>;

/** Applies events, each once: an event that was applied before is passed over, one of a type that means nothing here is too. */
export async function applyEvents(pool: Pool, handlers: EventHandlers, events: readonly RegistryEvent[]): Promise<void> {
  for (const event of events) {
    const handler = Object.hasOwn(handlers, event.type) ? handlers[event.type] : undefined;
    if (!handler) continue;
    const settings = settingsForPerson(event.subject);
    await new RowSession(pool, settings).write(async (db) => {
      const fresh = await db.all(sql`insert into inbox (event_id) values (${event.id}) on conflict do nothing returning event_id`);
      if (fresh.length > 0) await handler(db, event);
    });
  }
}
