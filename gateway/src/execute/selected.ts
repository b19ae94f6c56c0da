import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { Rewrite } from '../plan/steps.ts';

/** What a document selects, by response key, whatever the types: null for a leaf. */
export type Selected = Map<string, Selected | null>;

/** Reads a document that is sent to a subgraph. It has one operation. */
export function selectedBy(text: string): Selected {
  const { definitions } = parse(text, { noLocation: true });
  const fragments = new Map(definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((f) => [f.name.value, f.selectionSet]));
  const operation = definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
  const all: Selected = new Map();
  const add = (set: SelectionSetNode, into: Selected) => {
    for (const s of set.selections) {
      if (s.kind === Kind.FIELD) {
        const key = s.alias?.value ?? s.name.value;
        if (!s.selectionSet) {
          if (!into.has(key)) into.set(key, null);
          continue;
        }
        const below: Selected = into.get(key) ?? new Map();
        into.set(key, below);
        add(s.selectionSet, below);
        continue;
      }
      const inner = s.kind === Kind.INLINE_FRAGMENT ? s.selectionSet : fragments.get(s.name.value);
      if (inner) add(inner, into);
    }
  };
  if (operation) add(operation.selectionSet, all);
  return all;
}

/** Adds the keys under which things stand after they were renamed. Those that were sent stay: types, which decide, are not known here. */
export function addRenamed(selected: Selected, rewrites: readonly Rewrite[]): Selected {
  for (const rewrite of rewrites) {
    if (rewrite.kind !== 'rename') continue;
    let at: Selected | null | undefined = selected;
    for (const step of rewrite.path) if ('key' in step) at = at?.get(step.key);
    const found = at?.get(rewrite.key);
    if (at && found !== undefined) at.set(rewrite.to, together(found, at.get(rewrite.to)));
  }
  return selected;
}

/** What either of two selections selects. */
export function together(one: Selected | null, other: Selected | null | undefined): Selected | null {
  if (!one || !other) return one ?? other ?? null;
  const both: Selected = new Map(one);
  for (const [key, below] of other) both.set(key, both.has(key) ? together(both.get(key) ?? null, below) : below);
  return both;
}
