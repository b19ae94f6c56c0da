/** The bytes of an answer as they come in. A single piece is kept as it is; more are copied together, so that an answer in many small pieces takes no more memory than its size. */
export class Bytes {
  #held: Buffer | null = null;
  #length = 0;
  #isOwn = false;

  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    if (this.#held === null) {
      this.#held = piece;
      this.#length = piece.length;
      return;
    }
    const length = this.#length + piece.length;
    if (!this.#isOwn || length > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, this.#length * 2));
      this.#held.copy(larger, 0, 0, this.#length);
      this.#held = larger;
      this.#isOwn = true;
    }
    piece.copy(this.#held, this.#length);
    this.#length = length;
  }

  /** All of it as text. */
  text(): string {
    return this.#held === null ? '' : this.#held.toString('utf8', 0, this.#length);
  }
}
