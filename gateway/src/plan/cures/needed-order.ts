import { PlanError } from '../plan-error.ts';
import type { Subtypes } from '../subtypes.ts';
import type { Planning } from '../supergraph.ts';
import { type Brought, brings, broughtBy, conditionsOf, isDisjoint, type Leaf, leavesNeeded, placeOf } from './brought.ts';
import { isCertain } from './certain.ts';
import type { ClientConditions } from './client-conditions.ts';
import type { Conditions } from './conditions.ts';
import { type AskedField, belowRoot, fieldsIn, readText } from './fetch-texts.ts';
import { allBefore, comesAfter, type Placed } from './schedule.ts';

/** A type (null: any) and conditions under which a field of it is asked for. */
interface Wanted {
  readonly type: string | null;
  readonly conditions: Conditions;
}

/**
 * Sees to it that every fetch waits for what its representations are made of: without it nothing would be sent, and the client would be told null without an
 * error. The planner forgets it where what is required is to be had by a way that begins behind the fetch. Where nothing brings it, there is no plan.
 */
export class NeededOrder {
  readonly #placed: readonly Placed[];
  readonly #subtypes: Subtypes;
  readonly #untyped: ReadonlySet<string>;
  readonly #asked: ClientConditions;
  readonly #hasConditions: boolean;
  readonly #brought = new Map<Placed, Brought>();
  readonly #fields = new Map<Placed, readonly AskedField[]>();
  #bringers: Map<string, Placed[]> | null = null;

  constructor(placed: readonly Placed[], { subtypes, untyped }: Pick<Planning, 'subtypes' | 'untyped'>, asked: ClientConditions) {
    this.#placed = placed;
    this.#subtypes = subtypes;
    this.#untyped = untyped;
    this.#asked = asked;
    this.#hasConditions = placed.some(({ fetch, conditions }) => conditions.length > 0 || /@(skip|include)/.test(fetch.text));
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
      if (other === p || !runsWith(other, p) || !leaves.some((leaf) => this.#brings(other, leaf))) continue;
      if (!comesAfter(other, p) || this.#free(other, p)) p.after.add(other);
    }
  }

  /** Makes one fetch wait for what it lacks; whether it lacked anything. */
  #wait(p: Placed): boolean {
    // Nearly always nothing is lacking, and then those that it waits for directly are all.
    if (this.#lacking(p, p.after).length === 0) return this.#waitForCertain(p);
    const lacking = this.#lacking(p, allBefore(p));
    if (lacking.length === 0) return this.#waitForCertain(p);
    this.waitForAll(p, lacking);
    if (this.#lacking(p, allBefore(p)).length === 0 || this.#narrow(p)) return true;
    throw new PlanError('impossible', `Nothing brings what "${p.fetch.subgraph}" requires at "${p.fetch.at.join('.')}".`);
  }

  /**
   * Puts a fetch under the conditions under which the client asks for all that it fetches: the planner forgets them where they stand at a fragment, and what the
   * fetch requires is there only where they hold. Whether there are such conditions.
   */
  #narrow(p: Placed): boolean {
    const sets = this.#fieldsOf(p).map(({ field }) => {
      const key = (field.alias ?? field.name).value;
      return key === '__typename' ? null : this.#asked(p.fetch.at, key);
    });
    const all = sets.filter((set) => set !== null);
    const [first] = all.flat();
    // What the client does not ask for is required by something else.
    if (!first || all.some((set) => set.length === 0)) return false;
    const common = [...first].filter(([variable, value]) => all.flat().every((set) => set.get(variable) === value));
    const more = common.filter(([variable]) => !p.conditions.some((c) => c.variable === variable));
    p.conditions = [...p.conditions, ...more.map(([variable, value]) => ({ variable, value }))];
    return more.length > 0;
  }

  /**
   * Makes one fetch wait for those that bring anyway what is brought before it only under a condition, as by `b @include(if: $c)` where the client asks for it;
   * whether it had to.
   */
  #waitForCertain(p: Placed): boolean {
    if (!this.#hasConditions) return false;
    const wanted = this.#wantedUnder(p);
    const isFor = ({ types }: Leaf, { type }: Wanted) => type === null || !isDisjoint(types, this.#subtypes(type));
    const isMissed = (leaf: Leaf, by: ReadonlySet<Placed>, w: Wanted) =>
      isFor(leaf, w) && this.#isCertain(p, leaf, by, w.conditions) === false;
    const needed = this.#needed(p);
    if (!needed.some((leaf) => wanted.some((w) => isMissed(leaf, p.after, w)))) return false;
    const before = allBefore(p);
    const missed = needed.filter((leaf) => wanted.some((w) => isMissed(leaf, before, w)));
    if (missed.length === 0) return false;
    this.waitForAll(p, missed);
    const after = allBefore(p);
    // Of several fragments one is enough: they are different keys.
    const parts = (p.fetch.entities ?? []).flatMap((group) => group.requires.map((r) => leavesNeeded(p.fetch, [r])));
    const isThere = (w: Wanted) => {
      const own = parts.filter((leaves) => leaves.some((leaf) => isFor(leaf, w)));
      return own.length === 0 || own.some((leaves) => leaves.every((leaf) => this.#isBroughtByNone(leaf) || !isMissed(leaf, after, w)));
    };
    if (wanted.every(isThere)) return !areSame(before, after);
    if (this.#narrow(p)) return true;
    const place = p.fetch.at.join('.');
    throw new PlanError('impossible', `What "${p.fetch.subgraph}" requires at "${place}" is brought under a condition only.`);
  }

  /** Whether there is no such object in any answer, perhaps. */
  #isBroughtByNone = (leaf: Leaf): boolean => leaf.isDoubtful && !this.#bringersOf(leaf).some((p) => this.#brings(p, leaf));

  #isCertain(p: Placed, leaf: Leaf, by: ReadonlySet<Placed>, given: Conditions): boolean | null {
    const place = placeOf(p.fetch);
    const sets = this.#bringersOf(leaf).flatMap((other) =>
      other === p || !by.has(other)
        ? []
        : conditionsOf(this.#broughtBy(other), leaf, place).map((inner) => allOf([inner, ...conditionsAround(other)])),
    );
    return isCertain(
      sets.filter((set) => set !== null),
      given,
    );
  }

  /** Of which types, and under which conditions, the fields of a fetch are asked for. */
  #wantedUnder(p: Placed): readonly Wanted[] {
    const wanted = this.#fieldsOf(p).flatMap(({ type, field, conditions }) => {
      const all = field.name.value === '__typename' ? null : allOf([conditions, ...conditionsAround(p)]);
      return all ? [{ type, conditions: all }] : [];
    });
    return [...new Map(wanted.map((w) => [`${w.type} ${[...w.conditions].map(String).sort(byText).join()}`, w])).values()];
  }

  #fieldsOf(p: Placed): readonly AskedField[] {
    let fields = this.#fields.get(p);
    if (!fields) {
      const text = readText(p.fetch);
      fields = (p.fetch.entities ?? []).flatMap((group) => fieldsIn(belowRoot(text, group.key), null));
      this.#fields.set(p, fields);
    }
    return fields;
  }

  #bringersOf({ path }: Leaf): readonly Placed[] {
    if (!this.#bringers) {
      this.#bringers = new Map();
      for (const p of this.#placed) {
        for (const key of this.#broughtBy(p).keys()) {
          const known = this.#bringers.get(key);
          if (known) known.push(p);
          else this.#bringers.set(key, [p]);
        }
      }
    }
    return this.#bringers.get(path) ?? [];
  }

  #needed = (p: Placed): readonly Leaf[] => (p.fetch.entities ?? []).flatMap((group) => leavesNeeded(p.fetch, group.requires));

  #lacking(p: Placed, before: Iterable<Placed>): readonly Leaf[] {
    const leaves = this.#needed(p);
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

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

const conditionsAround = (p: Placed): readonly Conditions[] => p.conditions.map(({ variable, value }) => new Map([[variable, value]]));

/** Null where they exclude each other. */
function allOf(sets: readonly Conditions[]): Conditions | null {
  const all = new Map<string, boolean>();
  for (const [variable, value] of sets.flatMap((set) => [...set])) {
    if ((all.get(variable) ?? value) !== value) return null;
    all.set(variable, value);
  }
  return all;
}

const areSame = (one: ReadonlySet<Placed>, other: ReadonlySet<Placed>): boolean =>
  one.size === other.size && [...one].every((p) => other.has(p));

/** Whether a fetch runs whenever another one does. */
function runsWith(p: Placed, other: Placed): boolean {
  return p.conditions.every((c) => other.conditions.some((own) => own.variable === c.variable && own.value === c.value));
}
