/** Groups under way at a time: what comes in meanwhile goes with the next. */
const AT_ONCE = 2;

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
 * Has what comes one by one done together. Whoever comes alone is served at once; who comes while others are served goes with the next group. A value that the
 * database refuses does not fail those whom it happened to go with: then each is served alone.
 */
export class Grouped<In, Out> {
  readonly #work: Work<In, Out>;
  #waiting: Waiting<In, Out>[] = [];
  #running = 0;

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
    if (this.#running >= AT_ONCE || this.#waiting.length === 0) return;
    this.#running += 1;
    void this.#serve(this.#take()).finally(() => {
      this.#running -= 1;
      this.#next();
    });
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
