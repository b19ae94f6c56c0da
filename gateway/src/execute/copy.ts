import type { Data } from './own.ts';
import { firstSame, type SameBy } from './same.ts';

/** What has to be copied of an object because it, or something below it, is written to later. */
export interface Spine {
  readonly keys: readonly { readonly name: string; readonly spine: Spine }[];
  /** How it is seen that two objects here are the same, so that one copy serves for both. Null: none are. */
  readonly sameBy: SameBy | null;
}

/** Copies a value, and what is below it along a spine. The rest stays what it is, and is not written to. */
export function copyAlong<T>(value: T, spine: Spine): T {
  return copied(value, spine, new Map()) as T;
}

/** By part of the spine, the copies that stand for others. */
type Copies = Map<Spine, Map<unknown, Data>>;

function copied(value: unknown, spine: Spine, copies: Copies): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (const element of value) list.push(copied(element, spine, copies));
    return list;
  }
  if (!spine.sameBy) return copiedObject(value as Data, spine, copies);
  let known = copies.get(spine);
  if (!known) {
    known = new Map();
    copies.set(spine, known);
  }
  const first = firstSame(spine.sameBy, known, value as Data);
  if (first) return first;
  const copy = copiedObject(value as Data, spine, copies);
  const lead = copy[spine.sameBy.lead.name];
  if (!known.has(lead)) known.set(lead, copy);
  return copy;
}

function copiedObject(object: Data, spine: Spine, copies: Copies): Data {
  const copy = { ...object };
  for (const { name, spine: below } of spine.keys) {
    const inner = copy[name];
    if (typeof inner === 'object' && inner !== null) copy[name] = copied(inner, below, copies);
  }
  return copy;
}

/** Copies a value wholly. */
export function copyAll<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyAll) as T;
  const copy: Data = { ...(value as Data) };
  for (const key in copy) if (key !== '__proto__') copy[key] = copyAll(copy[key]);
  return copy as T;
}
