import type { PolicySnapshot, Registrar } from '@commonweal/schema';
import type { Log } from '../reply/log.ts';

/** Settings of the watch, in milliseconds. */
export interface PolicyWatchSettings {
  /** Time between two questions to the consent registry. */
  readonly everyMs: number;
  /** Age of the last answer from which personal data is refused: a suspension must take hold even when it cannot be heard of. */
  readonly staleAfterMs: number;
}

/** The gateway's copy of the sharing policies: asked for again and again, and at once when a subgraph says that they changed. */
export class PolicyWatch {
  readonly #registrar: Registrar;
  readonly #settings: PolicyWatchSettings;
  readonly #log: Log;
  #current: PolicySnapshot | null = null;
  #lastContact = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failing = false;

  constructor(registrar: Registrar, settings: PolicyWatchSettings, log: Log) {
    this.#registrar = registrar;
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

  /** The policies as last heard, or null before the first answer. */
  current(): PolicySnapshot | null {
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
      const answer = await within(this.#settings.staleAfterMs, this.#registrar.policies(this.#current?.epoch ?? null));
      this.#lastContact = performance.now();
      // A replica that lags may answer with a state from before: policies never go back.
      if (answer && answer.epoch > (this.#current?.epoch ?? Number.NEGATIVE_INFINITY)) this.#current = answer;
      if (this.#failing) this.#log.info({ epoch: this.#current?.epoch }, 'the sharing policies can be had again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log.error({ err: error }, 'the sharing policies cannot be had; personal data will be refused soon');
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
