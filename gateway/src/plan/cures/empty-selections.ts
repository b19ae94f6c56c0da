import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode, visit } from 'graphql';
import { type Conditions, within } from './conditions.ts';

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * The planner may drop a field of which no part can ever be asked for, as in `person @skip(if: $a) { name @include(if: $a) }`. But the object is asked for, with
 * nothing in it, and whether it is there has to be known. Here such a field asks for the `__typename`. In a document whose fragments come to a bounded size.
 */
export function withNothingEmpty(document: DocumentNode): DocumentNode {
  const fragments = new Map(document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]));
  const empty = new Set<FieldNode>();

  /** Whether something of a set is asked for, for some values of the variables. */
  const asks = (set: SelectionSetNode, above: Conditions): boolean => {
    let isAsking = false;
    for (const selection of set.selections) {
      const conditions = within(above, selection);
      if (!conditions) continue;
      if (selection.kind === Kind.FIELD) {
        if (selection.selectionSet && !asks(selection.selectionSet, conditions)) empty.add(selection);
        isAsking = true;
      } else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (fragment && asks(fragment.selectionSet, conditions)) isAsking = true;
      }
    }
    return isAsking;
  };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) asks(definition.selectionSet, new Map());
  }
  if (empty.size === 0) return document;
  // On entering: on leaving, a field would no longer be the node that was judged if something in it has changed.
  return visit(document, {
    Field: (node) => {
      const set = node.selectionSet;
      return set && empty.has(node) ? { ...node, selectionSet: { ...set, selections: [...set.selections, TYPENAME] } } : undefined;
    },
  });
}
