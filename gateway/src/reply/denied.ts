import { type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import type { Selected } from '../access/operations.ts';
import { isAsked } from '../plan/conditions/conditions.ts';

/** Coordinates of refused fields that a request asks for with its variables, each once and in order: what `@skip` or `@include` leaves out is not asked for. */
export function deniedWith(
  { operation, fragments }: Selected,
  denied: ReadonlyMap<FieldNode, string>,
  variables: Readonly<Record<string, unknown>>,
): readonly string[] {
  if (denied.size === 0) return [];
  const conditions = new Map(Object.entries(variables).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'));
  const found = new Set<string>();
  const met = new Set<string>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      // What cannot be told is recorded: whether it was asked for is what the caller is told is wrong.
      if (isAsked(selection, conditions) === false) continue;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = met.has(selection.name.value) ? undefined : fragments.get(selection.name.value);
        met.add(selection.name.value);
        if (fragment) collect(fragment.selectionSet);
        continue;
      }
      const coordinate = selection.kind === Kind.FIELD ? denied.get(selection) : undefined;
      if (coordinate !== undefined) found.add(coordinate);
      if (selection.selectionSet) collect(selection.selectionSet);
    }
  };
  collect(operation.selectionSet);
  return [...found].sort();
}
