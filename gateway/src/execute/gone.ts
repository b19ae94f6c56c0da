import type { Path } from './collect.ts';
import { type Data, isData } from './own.ts';
import type { Selected } from './selected.ts';

/** What a subgraph took back because of an error beneath it, as GraphQL wants where null may not be. */
export interface Gone {
  /** Where it would stand in the merged data, and what is on the way from there to the error. */
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

/** The paths on the way from a null to the error that left it, without that of the error: where other subgraphs may have given what this one took back. */
export const pathsDown = (gone: Path, error: Path): Path[] =>
  error.length > MOST_STEPS ? [gone] : error.slice(gone.length).map((_, i) => error.slice(0, gone.length + i));

/** Steps of a path that is followed all the way down: a subgraph may say what it likes. */
const MOST_STEPS = 100;

/** The paths in a reply of the fields beside those that lead from the null to the error. */
export function pathsBeside(sent: Selected, gone: Path, error: Path): Path[] {
  return pathsDown(gone, error).flatMap((path) => {
    const next = error[path.length];
    if (typeof next !== 'string') return [];
    let selected: Selected | null | undefined = sent;
    for (const step of path) if (typeof step === 'string') selected = selected?.get(step);
    return [...(selected?.keys() ?? [])].filter((key) => key !== '__typename' && key !== next).map((key) => [...path, key]);
  });
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
    const lists = at.filter((path) => Array.isArray(valueAt(data, path)));
    lists.forEach(tell);
    for (const path of beside) {
      // What is told of a list tells of all that is in it.
      if (lists.some((list) => list.every((step, i) => path[i] === step))) continue;
      if (isData(valueAt(data, path.slice(0, -1))) && valueAt(data, path) === undefined) tell(path);
    }
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
