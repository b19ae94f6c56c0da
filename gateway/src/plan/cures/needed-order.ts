import { PlanError } from '../plan-error.ts';
import type { Subtypes } from '../subtypes.ts';
import type { Planning } from '../supergraph.ts';
import { type Brought, brings, broughtBy, isDisjoint, type Leaf, leavesNeeded, placeOf } from './brought.ts';
import { allBefore, comesAfter, type Placed } from './schedule.ts';

/**
 * Sees to it that every fetch waits for what its representations are made of: without it nothing would be sent, and the client would be told null without an
 * error. The planner forgets it where what is required is to be had by a way that begins behind the fetch. Where nothing brings it, there is no plan.
 */
export class NeededOrder {
  readonly #placed: readonly Placed[];
  readonly #subtypes: Subtypes;
  readonly #untyped: ReadonlySet<string>;
  readonly #brought = new Map<Placed, Brought>();

  constructor(placed: readonly Placed[], { subtypes, untyped }: Pick<Planning, 'subtypes' | 'untyped'>) {
    this.#placed = placed;
    this.#subtypes = subtypes;
    this.#untyped = untyped;
  }

  /** Makes every fetch wait; whether one has to that did not. */
  settle(): boolean {
    let isChanged = false;
    // One that waits for more may give to others what they were without.
    for (let rounds = this.#placed.length; this.#waitAll(); rounds--) {
      if (rounds === 0) throw new PlanError('impossible', 'The fetches of the plan wait for each other.');
      isChanged = true;
    }
    return isChanged;
  }

  #waitAll(): boolean {
    let isChanged = false;
    for (const p of this.#placed) if (this.#wait(p)) isChanged = true;
    return isChanged;
  }

  /** Makes a fetch wait for all others that bring some of these values and can be made before it. */
  waitForAll(p: Placed, leaves: readonly Leaf[]): void {
    for (const other of this.#placed) {
      if (other === p || !leaves.some((leaf) => this.#brings(other, leaf))) continue;
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

  #needed = (p: Placed): readonly Leaf[] => (p.fetch.entities ?? []).flatMap((group) => leavesNeeded(p.fetch, group.requires));

  #lacking(p: Placed, before: Iterable<Placed>): readonly Leaf[] {
    const leaves = this.#needed(p);
    const isBrought = (leaf: Leaf, by: Iterable<Placed>) => Iterator.from(by).some((other) => other !== p && this.#brings(other, leaf));
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
    if (this.#tellsType(earlier)) return false;
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

  /** Whether a fetch tells of what type objects are of which that was not known before: those behind an interface that is an object to some subgraph. */
  #tellsType(p: Placed): boolean {
    if (!this.#brings(p, { path: `${placeOf(p.fetch)}/__typename`, types: null })) return false;
    const asked = p.fetch.entities?.flatMap((group) => group.requires);
    return !asked?.every((r) => r.kind === 'fragment' && r.types !== null && isDisjoint(r.types, this.#untyped));
  }

  #brings(p: Placed, leaf: Pick<Leaf, 'path' | 'types'>): boolean {
    return brings(this.#broughtBy(p), leaf);
  }

  #broughtBy(p: Placed): Brought {
    let brought = this.#brought.get(p);
    if (!brought) {
      brought = broughtBy(p.fetch, this.#subtypes);
      this.#brought.set(p, brought);
    }
    return brought;
  }
}
