import type { Requirement } from '../steps.ts';
import type { VirtualFields } from './required-arguments.ts';

/** A virtual field at its place in a representation. */
export interface Use {
  /** Real names of the fields above it. */
  readonly place: string;
  /** For each level down to it, the types that the object may be of; null: any. */
  readonly types: readonly (ReadonlySet<string> | null)[];
  readonly virtual: string;
  readonly name: string;
}

/** All virtual fields in a representation. */
export function usesIn(requirements: readonly Requirement[], virtual: VirtualFields): readonly Use[] {
  const uses: Use[] = [];
  const collect = (inner: readonly Requirement[], place: string, types: Use['types']) => {
    for (const requirement of inner) {
      if (requirement.kind === 'fragment') {
        collect(requirement.selections, place, [...types.slice(0, -1), both(types.at(-1) ?? null, requirement.types)]);
        continue;
      }
      const name = virtual.get(requirement.key)?.name;
      if (name !== undefined) uses.push({ place, types, virtual: requirement.key, name });
      collect(requirement.selections ?? [], `${place}/${name ?? requirement.key}`, [...types, null]);
    }
  };
  collect(requirements, '', [null]);
  return uses;
}

/** Whether two uses want different values under one name of one object. */
export function contradict(a: Use, b: Use): boolean {
  if (a.place !== b.place || a.name !== b.name || a.virtual === b.virtual) return false;
  return a.types.every((types, level) => both(types, b.types[level] ?? null)?.size !== 0);
}

function both(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): ReadonlySet<string> | null {
  return a && b ? new Set([...a].filter((type) => b.has(type))) : (a ?? b);
}
