/** How long what comes in waits for the group that is under way, in milliseconds: after that, a second one goes beside it. */
const PATIENCE_MS = 5;
/** Groups under way at a time at the most. */
const AT_ONCE = 4;

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

/** How a group is done. */
export interface Work<In, Out> {
  /** Begins a group: says of one item after another whether it goes along. The first always does. */
  readonly fits: () => (item: In) => boolean;
  /** Does a group at once: what comes out, item by item. */
  readonly serve: (group: readonly In[]) => Promise<readonly Out[]>;
}

/**
 * Has what comes one by one done together. Whoever comes alone is served at once; who comes while others are served goes with the next group, which waits for them
 * as long as they are quick: one after the other, groups are larger and fewer, and their number is what costs most. A value that the database refuses does not fail
 * those whom it happened to go with: then each is served alone.
 */
export class Grouped<In, Out> {
  readonly #work: Work<In, Out>;
  #waiting: Waiting<In, Out>[] = [];
  #running = 0;
  #patience: NodeJS.Timeout | null = null;

  constructor(work: Work<In, Out>) {
    this.#work = work;
  }

  /** Resolves with what comes out for this item. */
  add(item: In): Promise<Out> {
    const out = new Promise<Out>((resolve, reject) => this.#waiting.push({ item, resolve, reject }));
    this.#next();
    return out;
  }

  #next(): void {
    if (this.#waiting.length === 0 || this.#running >= AT_ONCE) return;
    if (this.#running === 0) this.#begin();
    else this.#patience ??= setTimeout(() => this.#begin(), PATIENCE_MS);
  }

  #begin(): void {
    if (this.#patience) clearTimeout(this.#patience);
    this.#patience = null;
    this.#running += 1;
    void this.#serve(this.#take()).finally(() => {
      this.#running -= 1;
      this.#next();
    });
    this.#next();
  }

  #take(): Waiting<In, Out>[] {
    const fits = this.#work.fits();
    const left: Waiting<In, Out>[] = [];
    const taken = this.#waiting.filter((one, n) => {
      const goes = fits(one.item) || n === 0;
      if (!goes) left.push(one);
      return goes;
    });
    this.#waiting = left;
    return taken;
  }

  async #serve(group: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const all = await this.#work.serve(group.map(({ item }) => item));
      if (all.length !== group.length) throw new Error('A group must give one answer for each.');
      for (const [n, { resolve }] of group.entries()) resolve(all[n]!);
    } catch (error) {
      const isData = /^2[23]/.test(String((error as { code?: string }).code));
      if (group.length > 1 && isData) for (const one of group) await this.#serve([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}
