import { type Data, type Key, read } from './own.ts';
import type { Spot } from './places.ts';
import type { Running } from './running.ts';
import { firstSame, type SameBy } from './same.ts';

/** The objects that stand at a spot, each once or more. Lists of any depth are opened; what is null, or no object, is passed over. Found once for all fetches. */
export function objectsAt(running: Running, spot: Spot): readonly Data[] {
  const known = running.objects[spot.number];
  if (known) return known;
  if (!spot.above) return [running.data];
  const holders = objectsAt(running, spot.above);
  const found: Data[] = [];
  const same = spot.sameBy && new Same(spot.sameBy, found);
  const seen = running.repeats[spot.above.number] && holders.length > 1 ? new Set<unknown>() : null;
  for (const holder of holders) {
    const value = read(holder, spot.key);
    if (typeof value !== 'object' || value === null) continue;
    // An object that gives way to another one must do so in each of its holders; within a list that several hold, once is enough.
    if (seen && (!same || Array.isArray(value))) {
      if (seen.has(value)) continue;
      seen.add(value);
    }
    if (Array.isArray(value)) open(value, found, same);
    else if (same) same.take(value as Data, holder, spot.key.name);
    else found.push(value as Data);
  }
  running.objects[spot.number] = found;
  return found;
}

function open(list: unknown[], found: Data[], same: Same | null): void {
  for (let i = 0; i < list.length; i += 1) {
    const value = list[i];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) open(value, found, same);
    else if (same) same.take(value as Data, list, i);
    else found.push(value as Data);
  }
}

/** Puts one object in the place of all that are the same, so that whatever follows is done once. */
class Same {
  readonly #by: SameBy;
  readonly #found: Data[];
  #known: Map<unknown, Data> | null = null;

  constructor(by: SameBy, found: Data[]) {
    this.#by = by;
    this.#found = found;
  }

  take(object: Data, holder: Data | unknown[], slot: string | number): void {
    const found = this.#found;
    if (found.length === 0) {
      found.push(object);
      return;
    }
    const { lead } = this.#by;
    this.#known ??= new Map([[read(found[0] as Data, lead), found[0] as Data]]);
    const first = firstSame(this.#by, this.#known, object);
    if (first === object) return;
    if (first) {
      (holder as Data)[slot] = first;
      return;
    }
    found.push(object);
    const value = read(object, lead);
    if (!this.#known.has(value)) this.#known.set(value, object);
  }
}

/** The path in an answer, by keys and indices. */
export type Path = readonly (string | number)[];

/** Positions of every object at a place, `most` of each: one that stands in several positions has several. Slow, and for errors only. */
export function positionsOf(root: Data, spot: Spot, most: number): Map<Data, Path[]> {
  const found = new Map<Data, Path[]>();
  const keys = keysTo(spot);
  const path: (string | number)[] = [];
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i += 1) {
        path.push(i);
        walk(value[i], depth);
        path.pop();
      }
      return;
    }
    const key = keys[depth];
    if (key) {
      path.push(key.name);
      walk(read(value as Data, key), depth + 1);
      path.pop();
      return;
    }
    const paths = found.get(value as Data);
    if (!paths) found.set(value as Data, [[...path]]);
    else if (paths.length < most) paths.push([...path]);
  };
  walk(root, 0);
  return found;
}

/** Where the object, or the first list of objects, stands that a fetch is for; not further than there is data. Undefined: the root. */
export function placeOf(root: Data, spot: Spot): Path | undefined {
  const path: string[] = [];
  let value: unknown = root;
  for (const key of keysTo(spot)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) break;
    path.push(key.name);
    value = read(value as Data, key);
  }
  return path.length > 0 ? path : undefined;
}

const keysTo = (spot: Spot): Key[] => (spot.above ? [...keysTo(spot.above), spot.key] : []);
