import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventReceiver } from './outbox.ts';

/** How long notices are gathered, in milliseconds. */
const GATHERED_MS = 50;
/** Most that wait for one receiver; what comes on top is lost. */
const MOST = 5000;

/** Waits before what was refused is sent again; then it is lost. */
const TRIED_AGAIN_MS = [100, 1000];

/** Something that another registry may know, and can do without. */
export interface Notice {
  /** The registry it is for. */
  readonly to: string;
  /** Type of event as which the gathered notices arrive; each is one of its payload's `items`. */
  readonly type: string;
  readonly item: unknown;
}

/**
 * Carries notices: gathered for a moment, many as one event, at most once, and without a transaction of the request they come from. For what costs too much as an
 * event of its own and whose loss does no harm.
 */
export class Notices {
  readonly #receivers: readonly EventReceiver[];
  readonly #onError: (error: unknown, receiver: string) => void;
  readonly #waiting = new Map<string, Notice[]>();
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(receivers: readonly EventReceiver[], onError: (error: unknown, receiver: string) => void) {
    this.#receivers = receivers;
    this.#onError = onError;
  }

  add(notice: Notice): void {
    const waiting = this.#waiting.get(notice.to) ?? [];
    this.#waiting.set(notice.to, waiting);
    if (waiting.length < MOST) waiting.push(notice);
    this.#timer ??= setTimeout(() => this.#send(), GATHERED_MS).unref();
  }

  /** Resolves when what was added before has been sent or lost. */
  async stop(): Promise<void> {
    if (this.#timer) this.#send();
    await this.#sending;
  }

  #send(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const groups = [...this.#waiting].flatMap(([to, notices]) =>
      [...Map.groupBy(notices, (n) => n.type)].map(([type, all]) => ({ to, type, all })),
    );
    this.#waiting.clear();
    const sent = [this.#sending, ...groups.map(({ to, type, all }) => this.#deliver(to, type, all))];
    // Not the list of results: it would hold the one before it, and that the one before, for as long as the process runs.
    this.#sending = Promise.all(sent).then(() => {});
  }

  async #deliver(to: string, type: string, notices: readonly Notice[]): Promise<void> {
    const receiver = this.#receivers.find((r) => r.name === to);
    // The subject is nobody: such an event is about many, and what it does may see no person's rows.
    const event = { id: randomUUID(), type, subject: randomUUID(), payload: { items: notices.map((n) => n.item) } };
    for (const wait of [...TRIED_AGAIN_MS, null]) {
      try {
        return await receiver?.receive([event]);
      } catch (error) {
        // It has an id, so that a receiver which did it all the same does not do it twice.
        if (wait === null) this.#onError(error, to);
        else await sleep(wait, undefined, { ref: false });
      }
    }
  }
}
