import { Kind, type SelectionSetNode } from 'graphql';
import type { Fetch, Requirement } from '../steps.ts';
import type { Subtypes } from '../subtypes.ts';
import { type Conditions, within } from './conditions.ts';
import { belowRoot, operationsOf, readText } from './fetch-texts.ts';
import { PLANNER_ALIAS } from './fetched-keys.ts';

/** Names of types; null: whatever the type is. */
type Types = ReadonlySet<string> | null;

const NONE: Conditions = new Map();

/** A value that a representation needs. */
export interface Leaf {
  /** The keys that lead to it from the root of the data. */
  readonly path: string;
  /** Of the objects that have it. */
  readonly types: Types;
  /** It is behind a condition on the type inside the representation: there may be no such object, as not every subgraph has all that is in a union. */
  readonly isDoubtful: boolean;
}

/** What a fetch brings: by the keys that lead to it from the root of the data. */
export type Brought = ReadonlyMap<string, readonly Part[]>;

/** One of the places in a text that bring a value. */
interface Part {
  readonly types: Types;
  /** Those in the text, each with the keys that lead to where it stands. */
  readonly conditions: ReadonlyMap<string, Conditions>;
}

/** What a fetch brings, under whatever conditions. */
export function broughtBy(fetch: Fetch, subtypes: Subtypes): Brought {
  const found = new Map<string, Part[]>();
  const collect = (set: SelectionSetNode, above: string, types: Types, outer: Part['conditions']): void => {
    for (const selection of set.selections) {
      const own = within(outer.get(above) ?? NONE, selection);
      if (!own) continue;
      const conditions = own.size > 0 ? new Map(outer).set(above, own) : outer;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        collect(selection.selectionSet, above, condition === undefined ? types : both(types, subtypes(condition)), conditions);
      }
      if (selection.kind !== Kind.FIELD) continue;
      const key = (selection.alias ?? selection.name).value;
      // A client may have a name that looks like an alias of the planner.
      for (const name of new Set([key, key.replace(PLANNER_ALIAS, '')])) {
        const path = below(above, name);
        const known = found.get(path);
        if (known) known.push({ types, conditions });
        else found.set(path, [{ types, conditions }]);
        if (selection.selectionSet) collect(selection.selectionSet, path, null, conditions);
      }
    }
  };
  const text = readText(fetch);
  const sets = fetch.entities ? fetch.entities.map((group) => belowRoot(text, group.key)) : operationsOf(text);
  for (const set of sets) collect(set, placeOf(fetch), null, new Map());
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
  return (brought.get(path) ?? []).some((part) => !isDisjoint(part.types, types));
}

/** Sets of conditions, of which one must hold for a value to be brought for the objects that stand at a place. Whether these are there is another question. */
export function conditionsOf(brought: Brought, { path, types }: Pick<Leaf, 'path' | 'types'>, place: string): readonly Conditions[] {
  return (brought.get(path) ?? [])
    .filter((part) => !isDisjoint(part.types, types))
    .map((part) => new Map([...part.conditions].flatMap(([at, conditions]) => (isWithin(at, place) ? [...conditions] : []))));
}

const isWithin = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

/** Whether no object can be of both. */
export function isDisjoint(a: Types, b: Types): boolean {
  return a !== null && b !== null && ![...a].some((type) => b.has(type));
}

const both = (a: Types, b: Types): Types => (a && b ? new Set([...a].filter((type) => b.has(type))) : (a ?? b));

const below = (above: string, key: string): string => `${above}/${key}`;

/** The keys that lead to where a fetch is merged. */
export const placeOf = (fetch: Fetch): string => fetch.at.filter((key) => key !== '@').reduce(below, '');
