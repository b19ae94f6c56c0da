import type { EntityGroup, Requirement } from '../plan/steps.ts';
import { mergeInto } from './merge.ts';
import { type Data, type Key, keyOf, read } from './own.ts';
import type { Selected } from './selected.ts';

/** Makes the representation of an object; null when the object has not what it takes, or is of no type that is asked for. */
export type Represent = (object: Data) => Data | null;

/** How objects of a group are represented: by type as a plain list of keys, where that is all that is asked for, and by a function that holds for all. */
export interface Representing {
  readonly represent: Represent;
  /** Leaves other than the name of the type, which comes first. Null: it takes more than leaves. */
  keysOf(type: string): readonly Key[] | null;
}

/** Compiles what a group requires. */
export function compileRepresent(group: EntityGroup): Representing {
  const select = compileAll(group.requires);
  const represent: Represent = (object) => {
    const made = select(object);
    return made && typeof made.__typename === 'string' ? made : null;
  };
  const simple = group.requires.every(
    (r) =>
      r.kind === 'fragment' && r.types && r.selections.every((s) => s.kind === 'field' && !s.selections) && r.selections.some(isTypename),
  );
  const byType = new Map<string, readonly Key[]>();
  if (simple) {
    for (const r of group.requires) {
      if (r.kind !== 'fragment') continue;
      for (const type of r.types ?? []) {
        const names = r.selections.flatMap((s) => (s.kind === 'field' && s.key !== '__typename' ? [s.key] : []));
        byType.set(type, [...new Set([...(byType.get(type) ?? []).map((k) => k.name), ...names])].map(keyOf));
      }
    }
  }
  return { represent, keysOf: (type) => byType.get(type) ?? null };
}

const isTypename = (r: Requirement) => r.kind === 'field' && r.key === '__typename';

/** Null when something required is not there. */
type Select = (object: Data) => Data | null;
type Part = (object: Data, into: Data) => boolean;

function compileAll(requires: readonly Requirement[]): Select {
  const parts = requires.map(compileOne);
  return (object) => {
    const made: Data = {};
    for (const part of parts) if (!part(object, made)) return null;
    return made;
  };
}

function compileOne(required: Requirement): Part {
  if (required.kind === 'fragment') {
    const { types } = required;
    const select = compileAll(required.selections);
    const shape = shapeOf(required.selections);
    return (object, into) => {
      if (types && !types.has(object.__typename as string)) return true;
      const made = select(object);
      if (made) mergeInto(into, made, shape);
      return true;
    };
  }
  const key = keyOf(required.key);
  const select = required.selections && compileAll(required.selections);
  return (object, into) => {
    const value = read(object, key);
    if (value === undefined) return false;
    into[key.name] = select ? each(value, select) : value;
    return true;
  };
}

/** An object of which a part is missing is sent as null, as is a value that is none. */
function each(value: unknown, select: Select): unknown {
  if (typeof value !== 'object' || value === null) return null;
  return Array.isArray(value) ? value.map((v) => each(v, select)) : select(value as Data);
}

function shapeOf(requires: readonly Requirement[]): Selected {
  const shape: Selected = new Map();
  const add = (all: readonly Requirement[], into: Selected) => {
    for (const r of all) {
      if (r.kind === 'fragment') add(r.selections, into);
      else if (!r.selections) into.set(r.key, null);
      else {
        const below = into.get(r.key) ?? new Map();
        into.set(r.key, below);
        add(r.selections, below);
      }
    }
  };
  add(requires, shape);
  return shape;
}
