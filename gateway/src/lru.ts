interface Entry<V> {
  readonly value: V;
  readonly weight: number;
  /** Asked for since it was last passed over. */
  isUsed: boolean;
}

/**
 * A bounded memory of compiled things, by total weight. New entries are on probation and are promoted when they are used again, so that a
 * flood of operations that are each sent once evicts only its own kind. Of those that were promoted the oldest goes which nobody has asked for since it was
 * passed over: looking something up changes no order, because a map whose entries are taken out and put back for every request is copied over and over, and
 * each of its copies keeps what is young alive.
 */
export class Lru<V> {
  readonly #probation = new Map<string, Entry<V>>();
  readonly #kept = new Map<string, Entry<V>>();
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
      kept.isUsed = true;
      return kept.value;
    }
    const tried = this.#probation.get(key);
    if (!tried) return undefined;
    this.#probation.delete(key);
    this.#probationWeight -= tried.weight;
    this.#kept.set(key, tried);
    this.#keptWeight += tried.weight;
    // Four fifths for what is used again, one fifth for what is new.
    while (this.#keptWeight > this.#most * 0.8 && this.#kept.size > 1) this.#keptWeight -= dropUnused(this.#kept, key);
    return tried.value;
  }

  set(key: string, value: V, weight = 1): void {
    this.delete(key);
    if (weight > this.#most * 0.2) return;
    this.#probation.set(key, { value, weight, isUsed: false });
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

/** Drops the oldest entry that was not used since it was last passed over, and gives its weight. The one that has just been promoted stays. */
function dropUnused<V>(map: Map<string, Entry<V>>, promoted: string): number {
  // Whoever is passed over is put at the end, unused: the second round finds one.
  for (const [key, entry] of map) {
    if (!entry.isUsed && key !== promoted) {
      map.delete(key);
      return entry.weight;
    }
    entry.isUsed = false;
    map.delete(key);
    map.set(key, entry);
  }
  return Number.POSITIVE_INFINITY;
}

function dropOldest<V>(map: Map<string, Entry<V>>): number {
  const first = map.entries().next().value;
  if (!first) return Number.POSITIVE_INFINITY;
  map.delete(first[0]);
  return first[1].weight;
}
