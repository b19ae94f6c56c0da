/**
 * A bounded memory of compiled things, by total weight. New entries are on probation and are promoted when they are used again, so that a
 * flood of operations that are each sent once evicts only its own kind.
 */
export class Lru<V> {
  readonly #probation = new Map<string, { value: V; weight: number }>();
  readonly #kept = new Map<string, { value: V; weight: number }>();
  readonly #most: number;
  #probationWeight = 0;
  #keptWeight = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Number of entries, for tests and metrics. */
  get size(): number {
    return this.#probation.size + this.#kept.size;
  }

  get(key: string): V | undefined {
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept.value;
    }
    const tried = this.#probation.get(key);
    if (!tried) return undefined;
    this.#probation.delete(key);
    this.#probationWeight -= tried.weight;
    this.#kept.set(key, tried);
    this.#keptWeight += tried.weight;
    // Four fifths for what is used again, one fifth for what is new.
    while (this.#keptWeight > this.#most * 0.8 && this.#kept.size > 1) this.#keptWeight -= dropOldest(this.#kept);
    return tried.value;
  }

  set(key: string, value: V, weight = 1): void {
    this.delete(key);
    if (weight > this.#most * 0.2) return;
    this.#probation.set(key, { value, weight });
    this.#probationWeight += weight;
    while (this.#probationWeight > this.#most * 0.2) this.#probationWeight -= dropOldest(this.#probation);
  }

  delete(key: string): void {
    this.#keptWeight -= this.#kept.get(key)?.weight ?? 0;
    this.#probationWeight -= this.#probation.get(key)?.weight ?? 0;
    this.#kept.delete(key);
    this.#probation.delete(key);
  }
}

function dropOldest<V>(map: Map<string, { value: V; weight: number }>): number {
  const first = map.entries().next().value;
  if (!first) return Number.POSITIVE_INFINITY;
  map.delete(first[0]);
  return first[1].weight;
}
