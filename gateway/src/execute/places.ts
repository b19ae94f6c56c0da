import type { Fetch } from '../plan/steps.ts';
import { type Key, keyOf } from './own.ts';
import { addRenamed, type Selected, selectedBy, together } from './selected.ts';

/** Keys of an object on the way to what is written to later: those have to be copied where somebody else holds the object too. */
export type Spine = ReadonlyMap<string, Spine>;

/** A step on the way to the objects of a fetch. */
export interface Level extends Key {
  /** Whether one value may stand here in several objects, so that it need be visited once only. */
  readonly repeats: boolean;
}

/** What a fetch has to know of the rest of its plan. */
export interface Place {
  readonly levels: readonly Level[];
  /** What the answer, or an entity of it, holds. */
  readonly selected: Selected;
  /** Copied before merging when somebody outside holds the answer; null: nothing is written to. */
  readonly whenShared: Spine | null;
  /** Copied for each object that the same entity is merged into; null: whatever is written to it is the same for all of them. */
  readonly whenRepeated: Spine | null;
  /**
   * Leaves that, besides those of its representation, an object has when its place is first filled. Two objects that agree in all of them are the same and stay the
   * same, as all that comes to them follows from what they hold: one can stand for both. Null: that is not so here.
   */
  readonly leaves: readonly string[] | null;
}

/** A place in the data, lists left out. */
interface Spot {
  /** Fetches that put objects here, from above. Where there are several, what an object gets does not follow from what it holds. */
  readonly makers: Set<Fetch>;
  readonly leaves: Set<string>;
  hasObjects: boolean;
  /** Whether a fetch writes to the objects here. */
  isTarget: boolean;
  readonly below: Map<string, Spot>;
}

const spot = (): Spot => ({ makers: new Set(), leaves: new Set(), hasObjects: false, isTarget: false, below: new Map() });

/** Works out, once for a plan, which places are written to by whom. */
export function placesOf(fetches: readonly Fetch[]): Map<Fetch, Place> {
  const root = spot();
  const known = fetches.map((fetch) => {
    const names = fetch.at.filter((step) => step !== '@');
    const path = [root];
    for (const name of names) path.push(child(path.at(-1) as Spot, name));
    const here = path.at(-1) as Spot;
    if (here !== root) here.isTarget = true;
    const selected = selectedOf(fetch);
    mark(here, selected, fetch, true);
    return { fetch, names, path, here, selected };
  });
  return new Map(
    known.map(({ fetch, names, path, here, selected }) => [
      fetch,
      {
        levels: names.map((name, i) => ({ ...keyOf(name), repeats: path[i]?.isTarget === true })),
        selected,
        whenShared: spineTo(here, selected, (s) => s.isTarget || s.makers.size > 1),
        whenRepeated: spineTo(here, selected, (s) => s.makers.size > 1),
        leaves: here !== root && here.makers.size === 1 && !here.hasObjects ? [...here.leaves] : null,
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

function child(of: Spot, name: string): Spot {
  const known = of.below.get(name);
  if (known) return known;
  const made = spot();
  of.below.set(name, made);
  return made;
}

function mark(here: Spot, selected: Selected, fetch: Fetch, isTop: boolean): void {
  for (const [key, below] of selected) {
    if (!below) {
      if (!isTop) here.leaves.add(key);
      continue;
    }
    if (!isTop) here.hasObjects = true;
    const next = child(here, key);
    next.makers.add(fetch);
    mark(next, below, fetch, false);
  }
}

function spineTo(here: Spot, selected: Selected, isWritten: (spot: Spot) => boolean): Spine | null {
  const spine = new Map<string, Spine>();
  for (const [key, below] of selected) {
    const next = below && here.below.get(key);
    if (!next) continue;
    const deeper = spineTo(next, below, isWritten);
    if (deeper || isWritten(next)) spine.set(key, deeper ?? new Map());
  }
  return spine.size > 0 ? spine : null;
}
