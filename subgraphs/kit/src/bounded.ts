/** A map that holds a limited number of things: the one that was used longest ago makes room for the next. */
export class Bounded<K, V> {
  readonly #kept = new Map<K, V>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** What is kept under a key; it counts as used. */
  get(key: K): V | undefined {
    const value = this.#kept.get(key);
    // Only a full map has to know what was used last.
    if (value !== undefined && this.#kept.size >= this.#most) {
      this.#kept.delete(key);
      this.#kept.set(key, value);
    }
    return value;
  }

  set(key: K, value: V): void {
    if (this.#kept.size >= this.#most && !this.#kept.has(key)) this.#kept.delete(this.#kept.keys().next().value as K);
    this.#kept.set(key, value);
  }

  /** What is kept under a key, made now when nothing is. */
  getOrMake(key: K, make: () => V): V {
    const known = this.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.set(key, made);
    return made;
  }
}
