import type { Log } from '../reply/log.ts';

/** Settings of a watch, in milliseconds. */
export interface WatchSettings {
  /** Time between two questions to the consent registry. */
  readonly everyMs: number;
  /** Age of the last answer from which nothing is given on it any more: a change must take hold even when it cannot be heard of. */
  readonly staleAfterMs: number;
}

/** What the consent registry publishes, with an epoch that rises with each change. */
interface Published {
  readonly epoch: number;
}

/** The gateway's copy of something that the consent registry publishes: asked for again and again, and at once when it is known to have changed. */
export class Watch<T extends Published> {
  readonly #read: (knownEpoch: number | null) => Promise<T | null>;
  readonly #what: string;
  readonly #settings: WatchSettings;
  readonly #log: Log;
  #current: T | null = null;
  #lastContact = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failing = false;

  /** `what` is watched, in the words of the log. */
  constructor(what: string, read: (knownEpoch: number | null) => Promise<T | null>, settings: WatchSettings, log: Log) {
    this.#what = what;
    this.#read = read;
    this.#settings = settings;
    this.#log = log;
  }

  /** Asks for the first time and keeps asking. A registry that does not answer yet is no error: until it does, nothing is allowed. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.#ask(), this.#settings.everyMs).unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** As last heard, or null before the first answer. */
  current(): T | null {
    return this.#current;
  }

  /** Whether the last answer is young enough to give personal data on. Where it is old only because this process was busy, asks first. */
  async isFresh(): Promise<boolean> {
    const fresh = () => performance.now() - this.#lastContact <= this.#settings.staleAfterMs;
    if (!fresh() && !this.#failing) await this.refresh();
    return fresh();
  }

  /** Asks now. An answer that was under way already may be older than the change, so it is not taken for this one. Never rejects. */
  refresh(): Promise<void> {
    if (!this.#running) return this.#ask();
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return this.#ask();
    });
    return this.#next;
  }

  #ask(): Promise<void> {
    this.#running ??= this.#load().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #load(): Promise<void> {
    try {
      const answer = await within(this.#settings.staleAfterMs, this.#read(this.#current?.epoch ?? null));
      this.#lastContact = performance.now();
      // A replica that lags may answer with a state from before: what is published never goes back.
      if (answer && answer.epoch > (this.#current?.epoch ?? Number.NEGATIVE_INFINITY)) this.#current = answer;
      if (this.#failing) this.#log.info({ epoch: this.#current?.epoch }, `${this.#what} can be had again`);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log.error({ err: error }, `${this.#what} cannot be had; personal data will be refused soon`);
      this.#failing = true;
    }
  }
}

/** A question that is never answered must not keep the next from being asked. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms).unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
