/** Ids of hop tokens seen, until they expire. Two generations are kept, so that nothing has to be swept. */
export class Replays {
  #young = new Set<string>();
  #old = new Set<string>();
  #turnAt = Date.now() + 40_000;

  /** Whether an id is met for the first time. Tokens live 30 s, and a generation lasts longer. */
  firstTime(id: string): boolean {
    if (Date.now() > this.#turnAt) {
      this.#old = this.#young;
      this.#young = new Set();
      this.#turnAt = Date.now() + 40_000;
    }
    if (this.#young.has(id) || this.#old.has(id)) return false;
    this.#young.add(id);
    return true;
  }
}
