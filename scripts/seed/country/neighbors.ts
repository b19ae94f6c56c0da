import type { Draft } from './draft.ts';
import type { Random } from './random.ts';

const KEPT = 24;
const TRIES = 5;

/**
 * Households made shortly before, a few of each county: where people moved from, and where they were registered first.
 * It is emptied at the start of each block of households, so that a block does not depend on the one before.
 */
export class Neighbors {
  private readonly byCounty = new Map<number, Draft[]>();
  private readonly counties: number[] = [];

  /** Forgets everybody. */
  clear(): void {
    this.byCounty.clear();
    this.counties.length = 0;
  }

  /** Remembers a household in place of the oldest of its county. */
  add(draft: Draft): void {
    const county = draft.profile.county.code;
    const list = this.byCounty.get(county);
    if (list === undefined) {
      this.byCounty.set(county, [draft]);
      this.counties.push(county);
    } else if (list.length < KEPT) list.push(draft);
    else list[draft.index % KEPT] = draft;
  }

  /** A remembered household that suits, of the county if one is found there, else of another; undefined after a few tries. */
  find(random: Random, county: number | null, suits: (draft: Draft) => boolean): Draft | undefined {
    const near = county === null ? undefined : this.byCounty.get(county);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const list = near !== undefined && attempt < TRIES - 1 ? near : this.byCounty.get(random.oneOf(this.counties));
      if (list === undefined) return undefined;
      const draft = random.oneOf(list);
      if (suits(draft)) return draft;
    }
    return undefined;
  }
}
