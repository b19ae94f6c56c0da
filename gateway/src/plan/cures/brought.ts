import { Kind, type SelectionSetNode } from 'graphql';
import type { Fetch, Requirement } from '../steps.ts';
import type { Subtypes } from '../subtypes.ts';
import { belowRoot, operationsOf, readText } from './fetch-texts.ts';
import { PLANNER_ALIAS } from './fetched-keys.ts';

/** Names of types; null: whatever the type is. */
type Types = ReadonlySet<string> | null;

/** A value that a representation needs. */
export interface Leaf {
  /** The keys that lead to it from the root of the data. */
  readonly path: string;
  /** Of the objects that have it. */
  readonly types: Types;
  /** It is behind a condition on the type inside the representation: there may be no such object, as not every subgraph has all that is in a union. */
  readonly isDoubtful: boolean;
}

/** What a fetch brings: by the keys that lead to it from the root of the data, of which types. One for each place in the text that brings it. */
export type Brought = ReadonlyMap<string, readonly Types[]>;

/** What a fetch brings. */
export function broughtBy(fetch: Fetch, subtypes: Subtypes): Brought {
  const found = new Map<string, Types[]>();
  const collect = (set: SelectionSetNode, above: string, types: Types): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        collect(selection.selectionSet, above, condition === undefined ? types : both(types, subtypes(condition)));
      }
      if (selection.kind !== Kind.FIELD) continue;
      const key = (selection.alias ?? selection.name).value;
      // A client may have a name that looks like an alias of the planner.
      for (const name of new Set([key, key.replace(PLANNER_ALIAS, '')])) {
        const path = below(above, name);
        const known = found.get(path);
        if (known) known.push(types);
        else found.set(path, [types]);
        if (selection.selectionSet) collect(selection.selectionSet, path, null);
      }
    }
  };
  const text = readText(fetch);
  const sets = fetch.entities ? fetch.entities.map((group) => belowRoot(text, group.key)) : operationsOf(text);
  for (const set of sets) collect(set, placeOf(fetch), null);
  return found;
}

/** What a fetch needs at its place for some representations. */
export function leavesNeeded(fetch: Fetch, requires: readonly Requirement[]): readonly Leaf[] {
  const place = placeOf(fetch);
  const collect = (inner: readonly Requirement[], above: string, types: Types, isDoubtful: boolean): readonly Leaf[] =>
    inner.flatMap((r): readonly Leaf[] => {
      if (r.kind === 'fragment') {
        return collect(r.selections, above, both(types, r.types), isDoubtful || (above !== place && r.types !== null));
      }
      const path = below(above, r.key);
      return [{ path, types, isDoubtful }, ...collect(r.selections ?? [], path, null, isDoubtful)];
    });
  return collect(requires, place, null, false);
}

/** Whether a value is brought, at least for some of the types: the planner knows better which objects there can be. */
export function brings(brought: Brought, { path, types }: Pick<Leaf, 'path' | 'types'>): boolean {
  return (brought.get(path) ?? []).some((of) => !isDisjoint(of, types));
}

/** Whether no object can be of both. */
export function isDisjoint(a: Types, b: Types): boolean {
  return a !== null && b !== null && ![...a].some((type) => b.has(type));
}

const both = (a: Types, b: Types): Types => (a && b ? new Set([...a].filter((type) => b.has(type))) : (a ?? b));

const below = (above: string, key: string): string => `${above}/${key}`;

/** The keys that lead to where a fetch is merged. */
export const placeOf = (fetch: Fetch): string => fetch.at.filter((key) => key !== '@').reduce(below, '');
