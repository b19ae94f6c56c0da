/**
 * Seeded randomness for the demonstration data. Not for secrets.
 *
 * The generator is sfc32 ("small fast counter", Chris Doty-Humphrey, PractRand): 128 bits of state, a period of at least 2^32
 * even for the worst seed, and a handful of integer operations a draw.
 */

/** A stream of random numbers that the same key reproduces. */
export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 1;

  /** Starts the stream of a key anew. `stream` separates streams that must not disturb each other, such as people and payments. */
  reset(seed: number, index: number, stream: number): this {
    this.a = scramble(seed ^ 0x9e3779b9);
    this.b = scramble(index + 0x7f4a7c15);
    this.c = scramble(Math.imul(stream + 1, 0x85ebca6b) ^ seed);
    this.counter = 1;
    // Twelve rounds spread the key over the whole state: neighboring households must not resemble each other.
    for (let round = 0; round < 12; round++) this.next();
    return this;
  }

  /** Draws 32 bits, as a signed integer (V8 keeps those without allocating). */
  next(): number {
    const drawn = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + drawn) | 0;
    return drawn;
  }

  /** Draws from [0, 1). */
  float(): number {
    return (this.next() >>> 0) * 2 ** -32;
  }

  /** Draws an integer from [0, below). */
  int(below: number): number {
    return Math.floor(this.float() * below);
  }

  /** Draws an integer from [low, high], both included. `low` when the range is empty. */
  between(low: number, high: number): number {
    return high <= low ? low : low + Math.floor(this.float() * (high - low + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** Draws from the standard normal distribution (4096 steps, so within ±3.7). */
  normal(): number {
    return quantiles[this.next() >>> 20] as number;
  }

  /** Draws one of a list, each as likely as the others. */
  oneOf<T>(list: readonly T[]): T {
    return list[Math.floor(this.float() * list.length)] as T;
  }

  /** Draws one of a weighted table. */
  pick<T>(table: Weighted<T>): T {
    const at = this.float() * table.items.length;
    const slot = Math.floor(at);
    return table.items[at - slot < (table.keep[slot] as number) ? slot : (table.alias[slot] as number)] as T;
  }
}

/** A list prepared for drawing by weight in constant time (alias method of Walker and Vose). */
export interface Weighted<T> {
  readonly items: readonly T[];
  readonly keep: Float64Array;
  readonly alias: Uint16Array;
}

/** Prepares a list for drawing by weight. Throws when no weight is positive. */
export function weighted<T>(items: readonly T[], weights: readonly number[]): Weighted<T> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (items.length === 0 || items.length !== weights.length || !(total > 0)) throw new Error('A weighted list needs items and weights.');
  const scaled = weights.map((weight) => (weight * items.length) / total);
  const keep = new Float64Array(items.length).fill(1);
  const alias = new Uint16Array(items.length);
  const small: number[] = [];
  const large: number[] = [];
  for (const [index, weight] of scaled.entries()) (weight < 1 ? small : large).push(index);
  while (small.length > 0 && large.length > 0) {
    const less = small.pop() as number;
    const more = large.pop() as number;
    keep[less] = scaled[less] as number;
    alias[less] = more;
    scaled[more] = (scaled[more] as number) + (scaled[less] as number) - 1;
    ((scaled[more] as number) < 1 ? small : large).push(more);
  }
  return { items, keep, alias };
}

/** Prepares a list ordered from common to rare for drawing with weights 1 / (rank + flatten): Zipf's law for names. */
export function zipf<T>(items: readonly T[], flatten = 4): Weighted<T> {
  return weighted(
    items,
    items.map((_, rank) => 1 / (rank + flatten)),
  );
}

/** Prepares names with their weights for drawing. */
export function byWeight<K extends string>(weights: Readonly<Partial<Record<K, number>>>): Weighted<K> {
  return weighted(Object.keys(weights) as K[], Object.values(weights) as number[]);
}

const hexHigh = new Uint8Array(256);
const hexLow = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  hexHigh[byte] = '0123456789abcdef'.charCodeAt(byte >> 4);
  hexLow[byte] = '0123456789abcdef'.charCodeAt(byte & 15);
}

const UUID_LENGTH = 36;
const UUIDS_AT_ONCE = 16;

/** A supply of version 4 UUIDs from a stream. They are written in blocks and sliced, which is cheaper than joining pieces of text. */
export class UuidSource {
  private readonly random = new Random();
  private readonly bytes = Buffer.alloc(UUID_LENGTH * UUIDS_AT_ONCE, '-');
  private text = '';
  private at = 0;

  /** Starts the stream of a key anew. */
  reset(seed: number, index: number, stream: number): this {
    this.random.reset(seed, index, stream);
    this.text = '';
    this.at = 0;
    return this;
  }

  /** The next UUID, in lower case. */
  next(): string {
    if (this.at >= this.text.length) this.refill();
    const from = this.at;
    this.at = from + UUID_LENGTH;
    return this.text.slice(from, this.at);
  }

  private refill(): void {
    const { bytes, random } = this;
    for (let start = 0; start < bytes.length; start += UUID_LENGTH) {
      const second = (random.next() & ~0xf000) | 0x4000;
      const third = (random.next() & 0x3fffffff) | 0x80000000;
      this.write(random.next(), start, start + 4);
      this.write(second, start + 9, start + 14);
      this.write(third, start + 19, start + 24);
      this.write(random.next(), start + 28, start + 32);
    }
    this.text = bytes.toString('latin1');
    this.at = 0;
  }

  /** Writes 32 bits as eight digits: four at `at`, four at `then` (a hyphen may stand between). */
  private write(word: number, at: number, then: number): void {
    const { bytes } = this;
    bytes[at] = hexHigh[word >>> 24] as number;
    bytes[at + 1] = hexLow[word >>> 24] as number;
    bytes[at + 2] = hexHigh[(word >>> 16) & 255] as number;
    bytes[at + 3] = hexLow[(word >>> 16) & 255] as number;
    bytes[then] = hexHigh[(word >>> 8) & 255] as number;
    bytes[then + 1] = hexLow[(word >>> 8) & 255] as number;
    bytes[then + 2] = hexHigh[word & 255] as number;
    bytes[then + 3] = hexLow[word & 255] as number;
  }
}

/**
 * Shuffles the integers below 2^`bits` (1 to 31): different inputs give different outputs.
 * Unique numbers come out of a household's index without a list of those already given.
 */
export function shuffleBits(value: number, bits: number, key: number): number {
  const mask = 2 ** bits - 1;
  const half = bits >> 1;
  let shuffled = (value ^ key) & mask;
  for (let round = 0; round < 3; round++) {
    shuffled = Math.imul(shuffled, 0x2c1b3c6d) & mask;
    shuffled ^= shuffled >>> half;
    shuffled = (shuffled + key) & mask;
  }
  return shuffled;
}

/** Shuffles the integers below `size` (at most 2^31) among themselves. `value` must be below `size`. */
export function shuffleBelow(value: number, size: number, key: number): number {
  const bits = Math.ceil(Math.log2(size));
  let shuffled = value;
  do shuffled = shuffleBits(shuffled, bits, key);
  while (shuffled >= size);
  return shuffled;
}

function scramble(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}

/** Quantiles of the standard normal distribution, by bisection on the distribution function: done once, so that a draw is a look-up. */
const quantiles = Float64Array.from({ length: 4096 }, (_, step) => quantile((step + 0.5) / 4096));

function quantile(probability: number): number {
  let low = -6;
  let high = 6;
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Share of the standard normal distribution below `x`: Abramowitz and Stegun, formula 26.2.17 (error under 7.5e-8). */
function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x < 0 ? tail : 1 - tail;
}
