import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Pool } from '../db/pool.ts';
import type { Db } from '../db/session.ts';
import { single } from '../db/transaction.ts';
import { Lane } from './lane.ts';

/** Something that happened in one registry and that others need to know. No personal values: ids, areas and states. */
export interface RegistryEvent {
  /** uuid; the receiver does each once. */
  readonly id: string;
  readonly type: string;
  /** Internal id of the person (or household) it is about. */
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Writes an event in the transaction of the change it tells of, after the change. */
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

const BEHIND = `
  select count(*)::int as n from unnest($1::text[]) as c (name) left join outbox_offset o on o.consumer = c.name
  where coalesce(o.seq, 0) < (select coalesce(max(seq), 0) from outbox where seq <= $2)`;

/**
 * Carries a registry's events to the others: in order, at least once, each receiver from its own offset. Runs when nudged and once a second.
 * Several processes of a registry may carry at the same time: receivers do each event once, and the offset never goes back.
 */
export class Courier {
  readonly #pool: Pool;
  readonly #lanes: readonly Lane[];
  #timer: NodeJS.Timeout | null = null;
  #failures = 0;

  constructor(pool: Pool, receivers: readonly EventReceiver[], onError: (error: unknown, receiver: string) => void) {
    this.#pool = pool;
    const failed = (receiver: string) => (error: unknown) => {
      this.#failures += 1;
      onError(error, receiver);
    };
    this.#lanes = receivers.map((receiver) => new Lane(pool, receiver, failed(receiver.name)));
  }

  start(): void {
    this.#timer = setInterval(() => this.nudge(), 1000).unref();
  }

  /** Something was written: carry it now. */
  nudge(): void {
    for (const lane of this.#lanes) lane.nudge();
  }

  /**
   * Resolves when everything written before now is delivered. What an open transaction of anybody on the server holds back is waited for, ten seconds at
   * the most; a receiver that refuses is not.
   */
  async settle(): Promise<void> {
    const [written] = await single(this.#pool, 'select coalesce(max(seq), 0) as seq from outbox');
    const giveUp = Date.now() + SETTLE_MS;
    const names = this.#lanes.map((lane) => lane.receiver.name);
    for (;;) {
      const failures = this.#failures;
      this.nudge();
      await Promise.all(this.#lanes.map((lane) => lane.idle()));
      const [behind] = await single(this.#pool, BEHIND, [names, written!.seq]);
      if (behind!.n === 0 || this.#failures > failures || Date.now() > giveUp) return;
      await new Promise((resume) => setTimeout(resume, 10));
    }
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
  }
}
