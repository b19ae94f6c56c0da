import { hash } from 'node:crypto';
import { Lru } from '../lru.ts';

/** A value that holds until a moment, in seconds of Unix time. */
interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

/**
 * Verified tokens by the SHA-256 of their text, because a signature costs more to check than a small query to answer.
 * Bounded, and a flood of tokens that are each used once drops only its own kind. Refusals are not kept; there are too many ways to be wrong.
 */
export class VerifiedTokens<T> {
  readonly #entries: Lru<Entry<T>>;

  constructor(limit: number) {
    this.#entries = new Lru(limit);
  }

  /** Key of a token. The token itself is not kept in memory longer than its request. */
  static keyOf(token: string): string {
    return hash('sha256', token, 'base64');
  }

  /** The value kept for a token, unless its time has passed. `now` in seconds. */
  get(key: string, now: number): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (entry.until > now) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** Keeps a value until a moment, in seconds. */
  set(key: string, value: T, until: number): void {
    this.#entries.set(key, { value, until });
  }

  get size(): number {
    return this.#entries.size;
  }
}
