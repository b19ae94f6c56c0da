import type { Data } from './own.ts';
import type { Selected } from './selected.ts';

/** Names of interfaces that some subgraph knows as an object (`@interfaceObject`): it gives them as the `__typename`, as it cannot tell what an object really is. */
export type Untyped = ReadonlySet<unknown>;

const NONE: Untyped = new Set();

/**
 * Merges what came back into an object of the answer. Objects are merged by key and lists element by element; null erases nothing; a value that does not fit what
 * stands there already is left out, as is the name of an interface where the type is known. What is new is taken over as it is, not copied.
 */
export function mergeInto(target: Data, source: Readonly<Data>, selected: Selected, untyped = NONE): void {
  for (const key in source) {
    const value = source[key];
    if (value === undefined || key === '__proto__') continue;
    const present = target[key];
    // A function is lent by JavaScript to every object (`constructor`): data has none.
    if (present === undefined || present === null || typeof present === 'function') target[key] = value;
    else if (value === null || value === present) continue;
    else if (typeof present !== 'object') {
      if (typeof value !== 'object' && (key !== '__typename' || !untyped.has(value))) target[key] = value;
    } else {
      const below = selected.get(key);
      // Inside of a leaf, of a scalar that is an object, nothing may be written: it can be somebody else's.
      if (below === null) target[key] = value;
      else if (below && typeof value === 'object' && !mergeBoth(present, value, below, untyped)) target[key] = value;
    }
  }
}

/** Merges two objects or two lists. False when they are lists that say different things, of which the later one holds. */
function mergeBoth(present: object, value: object, selected: Selected, untyped: Untyped): boolean {
  const isList = Array.isArray(present);
  if (isList !== Array.isArray(value)) return true;
  if (!isList) {
    mergeInto(present as Data, value as Data, selected, untyped);
    return true;
  }
  const list = present as unknown[];
  const other = value as unknown[];
  if (list.length !== other.length) return false;
  for (let i = 0; i < other.length; i += 1) {
    const mine = list[i];
    const theirs = other[i];
    if (theirs === null || theirs === undefined || theirs === mine) continue;
    if (typeof mine !== 'object' || mine === null) list[i] = theirs;
    else if (typeof theirs === 'object' && !mergeBoth(mine, theirs, selected, untyped)) list[i] = theirs;
  }
  return true;
}
