import type { Path } from './collect.ts';
import { type Data, isData } from './own.ts';
import type { Selected } from './selected.ts';

/** What a subgraph took back because of an error beneath it, as GraphQL wants where null may not be. */
export interface Gone {
  /** Where it would stand in the merged data. */
  readonly at: readonly Path[];
  /** Where its other fields would stand, were it an object. */
  readonly beside: readonly Path[];
  /** Tells of the error at another place. */
  readonly add: (path: Path | undefined) => void;
}

/** The path of the null that an error left in a reply, when that is further up than the error; null when it is not. */
export function goneAbove(data: unknown, path: Path): Path | null {
  for (let i = 0; i < path.length; i += 1) {
    const value = valueAt(data, path.slice(0, i));
    if (value === null) return path.slice(0, i);
    if (typeof value !== 'object') return null;
  }
  return null;
}

/** The paths in a reply of the fields beside the one that made null of the object around them. */
export function pathsBeside(sent: Selected, gone: Path, error: Path): Path[] {
  let selected: Selected | null | undefined = sent;
  for (const step of gone) if (typeof step === 'string') selected = selected?.get(step);
  return [...(selected?.keys() ?? [])].filter((key) => key !== '__typename' && key !== error[gone.length]).map((key) => [...gone, key]);
}

/**
 * Tells of what subgraphs took back and others gave, once for each place. Null erases nothing, so there are objects without the fields that one of them alone knows,
 * and its error speaks of another place: of one field, or of one object in a list.
 */
export function tellGaps(data: Data, gone: readonly Gone[]): void {
  const told = new Set<string>();
  for (const { at, beside, add } of gone) {
    const tell = (path: Path) => {
      const key = JSON.stringify(path);
      if (!told.has(key)) add(path);
      told.add(key);
    };
    for (const path of at) if (Array.isArray(valueAt(data, path))) tell(path);
    for (const path of beside) if (isData(valueAt(data, path.slice(0, -1))) && valueAt(data, path) === undefined) tell(path);
  }
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Data)[step];
  }
  return value;
}
