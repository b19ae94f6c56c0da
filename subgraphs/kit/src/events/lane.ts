import type { Pool } from '../db/pool.ts';
import { single } from '../db/transaction.ts';
import type { EventReceiver } from './outbox.ts';

const BATCH = 500;
/** Letters of payload that go together: well under what a registry's listener takes, since what it refuses for its size it would refuse for ever. */
const MOST_TEXT = 1_000_000;
/** How soon a lane looks again for what an open transaction holds back, in milliseconds; longer and longer while it stays open. */
const LOOK_AGAIN_MS = 10;
const LOOK_AGAIN_MOST_MS = 1000;

// A transaction number of its own is the only one that is surely above all that are taken: a snapshot knows no upper end of those that are open.
const LOOK = `
  select seq, case when seq > $1::bigint then pg_current_xact_id()::text end as until from (select coalesce(max(seq), 0) as seq from outbox) last`;
const ARE_OVER = 'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8 as over';
const NEXT = `
  select id, type, subject, payload, seq from (
    select id, type, subject, payload, seq, sum(length(payload::text)) over (order by seq) as length, row_number() over (order by seq) as place from (
      select event_id as id, type, subject, payload, seq from outbox
      where seq > coalesce((select seq from outbox_offset where consumer = $1), 0) and seq <= $2 order by seq limit ${BATCH}
    ) waiting
  ) measured where place = 1 or length <= ${MOST_TEXT} order by seq`;
const CARRIED = `
  insert into outbox_offset (consumer, seq) values ($1, $2)
  on conflict (consumer) do update set seq = greatest(outbox_offset.seq, excluded.seq)`;

/** Events up to `seq` are all there as soon as the transactions before `until` are over. */
interface Mark {
  readonly seq: string;
  readonly until: string;
}

/**
 * The way of a registry's events to one receiver, in order and from its own offset; a receiver that does not answer holds up nobody else.
 *
 * An event is sent only when all transactions are over that were open when it was first seen: one of them may have drawn a lower number and would appear behind the
 * offset. Which transaction began first says nothing of that, since each draws its numbers when it tells something.
 */
export class Lane {
  readonly receiver: EventReceiver;
  readonly #pool: Pool;
  readonly #onError: (error: unknown) => void;
  #running: Promise<void> | null = null;
  #again = false;
  #soon: NodeJS.Timeout | null = null;
  #wait = LOOK_AGAIN_MS;
  /** Up to this number nothing can appear any more. */
  #complete = '0';
  #mark: Mark | null = null;

  constructor(pool: Pool, receiver: EventReceiver, onError: (error: unknown) => void) {
    this.#pool = pool;
    this.receiver = receiver;
    this.#onError = onError;
  }

  /** Resolves when nothing runs, nor is to run next. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** There may be something to carry. */
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

  async stop(): Promise<void> {
    this.#again = false;
    await this.#running;
    if (this.#soon) clearTimeout(this.#soon);
  }

  async #round(): Promise<void> {
    try {
      await this.#look();
      while (await this.#carry());
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Finds out up to which number all events are there. */
  async #look(): Promise<void> {
    const wasHeldBack = this.#mark !== null;
    this.#mark ??= await this.#seen();
    if (!this.#mark) return;
    const [before] = await single<{ over: boolean }>(this.#pool, ARE_OVER, [this.#mark.until]);
    if (!before!.over) {
      this.#lookAgain();
      return;
    }
    this.#complete = this.#mark.seq;
    this.#mark = null;
    this.#wait = LOOK_AGAIN_MS;
    // What came meanwhile has had nobody to look at it.
    if (wasHeldBack) await this.#look();
  }

  /** What is there now, or null when it was there before. */
  async #seen(): Promise<Mark | null> {
    const [last] = await single<{ seq: string; until: string | null }>(this.#pool, LOOK, [this.#complete]);
    const { seq, until } = last!;
    return until === null ? null : { seq, until };
  }

  #lookAgain(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      this.nudge();
    }, this.#wait).unref();
    this.#wait = Math.min(2 * this.#wait, LOOK_AGAIN_MOST_MS);
  }

  /** Carries one batch; says whether there may be more. */
  async #carry(): Promise<boolean> {
    const rows = await single(this.#pool, NEXT, [this.receiver.name, this.#complete]);
    if (rows.length === 0) return false;
    await this.receiver.receive(
      rows.map((r) => ({
        id: r.id as string,
        type: r.type as string,
        subject: r.subject as string,
        payload: r.payload as Record<string, unknown>,
      })),
    );
    const last = rows.at(-1)!.seq as string;
    await single(this.#pool, CARRIED, [this.receiver.name, last]);
    return last !== this.#complete;
  }
}
