import { type TableKey, tableKeys } from './tables.ts';

const SIZE = 1 << 17;

/** Rows of one table, collected as the bytes that are sent. */
export class Rows {
  #bytes = Buffer.allocUnsafe(SIZE);
  #length = 0;
  /** Rows collected since the last `take`. */
  count = 0;

  /** Bytes collected. */
  get length(): number {
    return this.#length;
  }

  /** Adds a row in COPY's text format, with its line end. Each is turned into bytes at once: long ropes of text would keep the collector busy. */
  add(row: string): void {
    // A character of a JavaScript string takes three bytes of UTF-8 at the most.
    if (this.#length + 3 * row.length > this.#bytes.length) this.#grow(3 * row.length);
    this.#length += this.#bytes.write(row, this.#length);
    this.count++;
  }

  /** Hands out what was collected and starts anew; the bytes are the caller's from then on. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(SIZE);
    this.#length = 0;
    this.count = 0;
    return taken;
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + more);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Rows of all tables. */
export type RowsByTable = Readonly<Record<TableKey, Rows>>;

/** No rows yet, for each table. */
export const noRows = (): RowsByTable => Object.fromEntries(tableKeys.map((key) => [key, new Rows()])) as Record<TableKey, Rows>;
