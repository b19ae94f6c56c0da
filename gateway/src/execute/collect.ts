import { type Data, read } from './own.ts';
import type { Level } from './places.ts';

/** Takes the objects at the place of a fetch, one after another, each with what holds it. */
export interface Taker {
  take(object: Data, holder: Data | unknown[], slot: string | number): void;
}

/** Gives a taker all objects at a place. Lists of any depth are opened; what is null, or no object, is passed over. */
export function collect(root: Data, levels: readonly Level[], taker: Taker): void {
  const last = levels.length - 1;
  if (last < 0) return taker.take(root, [root], 0);
  let here: Data[] = [root];
  for (let i = 0; i <= last; i += 1) {
    const level = levels[i] as Level;
    const next: Data[] = [];
    const seen = level.repeats && here.length > 1 ? new Set<unknown>() : null;
    for (const object of here) {
      const value = read(object, level);
      if (typeof value !== 'object' || value === null) continue;
      if (seen) {
        if (seen.has(value)) continue;
        seen.add(value);
      }
      if (Array.isArray(value)) {
        if (i === last) takeAll(value, taker);
        else open(value, next);
      } else if (i === last) taker.take(value as Data, object, level.name);
      else next.push(value as Data);
    }
    here = next;
  }
}

function open(list: readonly unknown[], into: Data[]): void {
  for (const value of list) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) open(value, into);
    else into.push(value as Data);
  }
}

function takeAll(list: unknown[], taker: Taker): void {
  for (let i = 0; i < list.length; i += 1) {
    const value = list[i];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) takeAll(value, taker);
    else taker.take(value as Data, list, i);
  }
}

/** The path in an answer, by keys and indices. */
export type Path = readonly (string | number)[];

/** Finds every position of certain objects at a place: an object that stands in several has several. Slow, and for errors only. */
export function positionsOf(root: Data, levels: readonly Level[], wanted: (object: Data) => boolean, most: number): Map<Data, Path[]> {
  const found = new Map<Data, Path[]>();
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
    const object = value as Data;
    const level = levels[depth];
    if (!level) {
      if (!wanted(object)) return;
      const paths = found.get(object);
      if (!paths) found.set(object, [[...path]]);
      else if (paths.length < most) paths.push([...path]);
      return;
    }
    path.push(level.name);
    walk(read(object, level), depth + 1);
    path.pop();
  };
  walk(root, 0);
  return found;
}

/** Where the object, or the first list of objects, stands that a fetch is for; not further than there is data. Undefined: the root. */
export function placeOf(root: Data, levels: readonly Level[]): Path | undefined {
  const path: string[] = [];
  let value: unknown = root;
  for (const level of levels) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) break;
    path.push(level.name);
    value = read(value as Data, level);
  }
  return path.length > 0 ? path : undefined;
}
