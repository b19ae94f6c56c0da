import type { Fetch } from '../plan/steps.ts';
import type { Spine } from './copy.ts';
import { type Key, keyOf } from './own.ts';
import type { SameBy } from './same.ts';
import { addRenamed, type Selected, selectedBy, together } from './selected.ts';

/** A place in the data, lists left out: where objects of one kind stand, in any number. */
export interface Spot {
  readonly number: number;
  /** Null for the root. */
  readonly above: Spot | null;
  readonly key: Key;
  /**
   * By what it is seen that two objects here are the same, and stay the same: all leaves that they are made with. It holds where objects come from one fetch and
   * hold nothing but leaves, as all that is added later follows from what they hold. One of them can then stand for both. Null: that is not so here.
   */
  readonly sameBy: SameBy | null;
}

/** What a fetch has to know of the rest of its plan. */
export interface Place {
  readonly spot: Spot;
  /** What the answer, or an entity of it, holds. */
  readonly selected: Selected;
  /** Copied before merging when somebody outside holds the answer; null: nothing is written to. */
  readonly whenShared: Spine | null;
  /** Copied for each object that the same entity is merged into; null: whatever is written to it is the same for all of them. */
  readonly whenRepeated: Spine | null;
  /** Numbers of the spots where there are other objects once the answer is merged. */
  readonly changed: readonly number[];
}

interface Making extends Spot {
  sameBy: SameBy | null;
  /** Fetches that put objects here, from above. Where there are several, what an object gets does not follow from what it holds. */
  readonly makers: Set<Fetch>;
  readonly leaves: Set<string>;
  hasObjects: boolean;
  /** Whether a fetch writes to the objects here. */
  isTarget: boolean;
  readonly below: Map<string, Making>;
}

/** Works out, once for a plan, which places are written to by whom. */
export function placesOf(fetches: readonly Fetch[]): Map<Fetch, Place> {
  const all: Making[] = [];
  const root = make(all, null, '');
  const known = fetches.map((fetch) => {
    let spot = root;
    for (const step of fetch.at) if (step !== '@') spot = child(all, spot, step);
    if (spot !== root) spot.isTarget = true;
    const selected = selectedOf(fetch);
    mark(all, spot, selected, fetch, true);
    return { fetch, spot, selected };
  });
  for (const spot of all) spot.sameBy = sameBy(spot);
  return new Map(
    known.map(({ fetch, spot, selected }) => [
      fetch,
      {
        spot,
        selected,
        whenShared: spineTo(spot, selected, (s) => s.isTarget || s.makers.size > 1),
        whenRepeated: spineTo(spot, selected, (s) => s.makers.size > 1),
        changed: [...spot.below.values()].filter((s) => selected.has(s.key.name)).flatMap(withAllBelow),
      },
    ]),
  );
}

/** What is merged at the place of a fetch. */
function selectedOf(fetch: Fetch): Selected {
  const sent = selectedBy(fetch.text);
  if (!fetch.entities) return addRenamed(sent, fetch.output);
  let all: Selected | null = null;
  for (const group of fetch.entities) all = together(addRenamed(sent.get(group.key) ?? new Map(), group.output), all);
  return all ?? new Map();
}

function make(all: Making[], above: Spot | null, name: string): Making {
  const made: Making = {
    number: all.length,
    above,
    key: keyOf(name),
    sameBy: null,
    makers: new Set(),
    leaves: new Set(),
    hasObjects: false,
    isTarget: false,
    below: new Map(),
  };
  all.push(made);
  return made;
}

function child(all: Making[], of: Making, name: string): Making {
  const known = of.below.get(name);
  if (known) return known;
  const made = make(all, of, name);
  of.below.set(name, made);
  return made;
}

function mark(all: Making[], here: Making, selected: Selected, fetch: Fetch, isTop: boolean): void {
  for (const [key, below] of selected) {
    if (!below) {
      if (!isTop) here.leaves.add(key);
      continue;
    }
    if (!isTop) here.hasObjects = true;
    const next = child(all, here, key);
    next.makers.add(fetch);
    mark(all, next, below, fetch, false);
  }
}

function sameBy(spot: Making): SameBy | null {
  if (!spot.isTarget || spot.makers.size !== 1 || spot.hasObjects || !spot.leaves.has('__typename')) return null;
  const [lead, ...others] = [...spot.leaves].filter((name) => name !== '__typename').map(keyOf);
  return lead ? { lead, others: [...others, keyOf('__typename')] } : null;
}

const withAllBelow = (spot: Making): number[] => [spot.number, ...[...spot.below.values()].flatMap(withAllBelow)];

function spineTo(here: Making, selected: Selected, isWritten: (spot: Making) => boolean): Spine | null {
  const keys: { name: string; spine: Spine }[] = [];
  for (const [name, below] of selected) {
    const next = below && here.below.get(name);
    if (!next) continue;
    const deeper = spineTo(next, below, isWritten);
    if (deeper || isWritten(next)) keys.push({ name, spine: { keys: deeper?.keys ?? [], sameBy: next.sameBy } });
  }
  return keys.length > 0 ? { keys, sameBy: null } : null;
}
