import { PlanError } from '../plan-error.ts';
import type { Subtypes } from '../subtypes.ts';
import { type Brought, brings, broughtBy, type Leaf, leavesNeeded, placeOf } from './brought.ts';
import { allBefore, comesAfter, type Placed } from './schedule.ts';

/**
 * Sees to it that every fetch waits for what its representations are made of: without it nothing would be sent, and the client would be told null without an
 * error. The planner forgets it where what is required is to be had by a way that begins behind the fetch. Where nothing brings it, there is no plan.
 */
export class NeededOrder {
  readonly #placed: readonly Placed[];
  readonly #subtypes: Subtypes;
  readonly #brought = new Map<Placed, Brought>();

  constructor(placed: readonly Placed[], subtypes: Subtypes) {
    this.#placed = placed;
    this.#subtypes = subtypes;
  }

  /** Makes every fetch wait; whether one has to that did not. */
  settle(): boolean {
    let isChanged = false;
    // One that waits for more may give to others what they were without.
    for (let rounds = this.#placed.length; this.#placed.some((p) => this.#wait(p)); rounds--) {
      if (rounds === 0) throw new PlanError('impossible', 'The fetches of the plan wait for each other.');
      isChanged = true;
    }
    return isChanged;
  }

  /** Makes a fetch wait for all others that bring some of these values and can be made before it. */
  waitForAll(p: Placed, leaves: readonly Leaf[]): void {
    for (const other of this.#placed) {
      if (other === p || !runsWith(other, p) || !leaves.some((leaf) => this.#brings(other, leaf))) continue;
      if (!comesAfter(other, p) || this.#free(other, p)) p.after.add(other);
    }
  }

  /** Makes one fetch wait for what it lacks; whether it lacked anything. */
  #wait(p: Placed): boolean {
    // Nearly always nothing is lacking, and then those that it waits for directly are all.
    if (this.#lacking(p, p.after).length === 0) return false;
    const lacking = this.#lacking(p, allBefore(p));
    if (lacking.length === 0) return false;
    this.waitForAll(p, lacking);
    if (this.#lacking(p, allBefore(p)).length === 0) return true;
    throw new PlanError('impossible', `Nothing brings what "${p.fetch.subgraph}" requires at "${p.fetch.at.join('.')}".`);
  }

  #lacking(p: Placed, before: Iterable<Placed>): readonly Leaf[] {
    const leaves = (p.fetch.entities ?? []).flatMap((group) => leavesNeeded(p.fetch, group.requires));
    const isBrought = (leaf: Leaf, by: Iterable<Placed>) =>
      Iterator.from(by).some((other) => other !== p && runsWith(other, p) && this.#brings(other, leaf));
    return leaves.filter((leaf) => !isBrought(leaf, before) && (!leaf.isDoubtful || isBrought(leaf, this.#placed)));
  }

  /**
   * Lets a fetch begin before another that it waits for, with what it needs itself, if that can be there by then. Not before one that tells of what type the
   * objects are, and not a mutation. What was tried before is not tried again: chains can be long, and clients make them.
   */
  #free(later: Placed, earlier: Placed, tried = new Set<Placed>()): boolean {
    if (tried.has(later)) return false;
    tried.add(later);
    if (later.fetch.operation === 'mutation' && !later.fetch.entities) return false;
    if (this.#brings(earlier, { path: `${placeOf(earlier.fetch)}/__typename`, types: null })) return false;
    const isFree = (p: Placed) => p !== earlier && !comesAfter(p, earlier);
    const waited = [...allBefore(later)];
    for (const leaf of this.#lacking(later, new Set(waited.filter(isFree)))) {
      for (const p of waited) if (!isFree(p) && p !== earlier && this.#brings(p, leaf)) this.#free(p, earlier, tried);
    }
    const before = new Set(waited.filter(isFree));
    if (this.#lacking(later, before).length > 0) return false;
    later.after.clear();
    for (const p of before) later.after.add(p);
    return true;
  }

  #brings(p: Placed, leaf: Pick<Leaf, 'path' | 'types'>): boolean {
    let brought = this.#brought.get(p);
    if (!brought) {
      brought = broughtBy(p.fetch, this.#subtypes);
      this.#brought.set(p, brought);
    }
    return brings(brought, leaf);
  }
}

/** Whether a fetch runs whenever another one does. */
function runsWith(p: Placed, other: Placed): boolean {
  return p.conditions.every((c) => other.conditions.some((own) => own.variable === c.variable && own.value === c.value));
}
