import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Pool } from '../db/pool.ts';
import type { Db } from '../db/session.ts';
import { single } from '../db/transaction.ts';

/** Something that happened in one registry and that others need to know. No personal values: ids, areas and states. */
export interface RegistryEvent {
  /** uuid; the receiver does each once. */
  readonly id: string;
  readonly type: string;
  /** Internal id of the person (or household) it is about. */
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Writes an event in the transaction of the change it tells of. */
export async function emit(db: Db, type: string, subject: string, payload: Readonly<Record<string, unknown>>): Promise<void> {
  await db.all(
    sql`insert into outbox (event_id, type, subject, payload) values (${randomUUID()}, ${type}, ${subject}, ${JSON.stringify(payload)}::text::jsonb)`,
  );
}

/** A registry that takes events: resolves when they are applied. */
export interface EventReceiver {
  readonly name: string;
  receive(events: readonly RegistryEvent[]): Promise<void>;
}

const SETTLE_MS = 10_000;
const BATCH = 500;

const BEHIND = `
  select count(*)::int as n from unnest($1::text[]) as c (name) left join outbox_offset o on o.consumer = c.name
  where coalesce(o.seq, 0) < (select coalesce(max(seq), 0) from outbox where seq <= $2)`;
const NEXT = `
  select event_id as id, type, subject, payload, seq from outbox
  where seq > coalesce((select seq from outbox_offset where consumer = $1), 0) and transaction < pg_snapshot_xmin(pg_current_snapshot())
  order by seq limit ${BATCH}`;
const CARRIED = `
  insert into outbox_offset (consumer, seq) values ($1, $2)
  on conflict (consumer) do update set seq = greatest(outbox_offset.seq, excluded.seq)`;

/**
 * Carries a registry's events to the others: in order, at least once, each receiver from its own offset. Runs when nudged and once a second.
 * An event is sent only when no older transaction is still open, so that none can appear behind the offset. Several processes of a registry may carry at
 * the same time: receivers do each event once, and the offset never goes back.
 */
export class Courier {
  readonly #pool: Pool;
  readonly #receivers: readonly EventReceiver[];
  readonly #onError: (error: unknown, receiver: string) => void;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #failures = 0;

  constructor(pool: Pool, receivers: readonly EventReceiver[], onError: (error: unknown, receiver: string) => void) {
    this.#pool = pool;
    this.#receivers = receivers;
    this.#onError = onError;
  }

  start(): void {
    this.#timer = setInterval(() => this.nudge(), 1000).unref();
  }

  /** Something was written: carry it now. */
  nudge(): void {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = this.#round().finally(() => {
      this.#running = null;
      if (this.#again) {
        this.#again = false;
        this.nudge();
      }
    });
  }

  /**
   * Resolves when everything written before now is delivered. What an older open transaction of anybody on the server holds back is waited for, ten seconds at
   * the most; a receiver that refuses is not.
   */
  async settle(): Promise<void> {
    const [written] = await single(this.#pool, 'select coalesce(max(seq), 0) as seq from outbox');
    const giveUp = Date.now() + SETTLE_MS;
    for (;;) {
      const failures = this.#failures;
      this.nudge();
      while (this.#running) await this.#running;
      const names = this.#receivers.map((r) => r.name);
      const [behind] = await single(this.#pool, BEHIND, [names, written!.seq]);
      if (behind!.n === 0 || this.#failures > failures || Date.now() > giveUp) return;
      await new Promise((resume) => setTimeout(resume, 10));
    }
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#again = false;
    await this.#running;
  }

  async #round(): Promise<void> {
    for (const receiver of this.#receivers) {
      try {
        while (await this.#carry(receiver));
      } catch (error) {
        this.#failures += 1;
        this.#onError(error, receiver.name);
      }
    }
  }

  /** Carries one batch; says whether there may be more. */
  async #carry(receiver: EventReceiver): Promise<boolean> {
    const rows = await single(this.#pool, NEXT, [receiver.name]);
    if (rows.length === 0) return false;
    await receiver.receive(
      rows.map((r) => ({
        id: r.id as string,
        type: r.type as string,
        subject: r.subject as string,
        payload: r.payload as Record<string, unknown>,
      })),
    );
    const last = rows.at(-1)!.seq as string;
    await single(this.#pool, CARRIED, [receiver.name, last]);
    return rows.length === BATCH;
  }
}
