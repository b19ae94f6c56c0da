import { hash } from 'node:crypto';

/** A value that holds until a moment, in seconds of Unix time. */
interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

/**
 * Verified tokens by the SHA-256 of their text, because a signature costs more to check than a small query to answer.
 * Bounded: the one used longest ago goes first. Refusals are not kept; there are too many ways to be wrong.
 */
export class VerifiedTokens<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Key of a token. The token itself is not kept in memory longer than its request. */
  static keyOf(token: string): string {
    return hash('sha256', token, 'base64');
  }

  /** The value kept for a token, unless its time has passed. `now` in seconds. */
  get(key: string, now: number): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (entry.until <= now) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps a value until a moment, in seconds. */
  set(key: string, value: T, until: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until });
    if (this.#entries.size <= this.#limit) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  get size(): number {
    return this.#entries.size;
  }
}
