import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode, visit } from 'graphql';
import { type Conditions, within } from './conditions.ts';

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * The planner takes what is in a field that has a condition for a condition of the field: `person @skip(if: $a) { name @include(if: $b) }` is not asked for
 * unless both hold. But the object is asked for, if with nothing in it, and whether it is there has to be known. Here such a field asks for the `__typename`. In a
 * document whose fragments come to a bounded size.
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
        const set = selection.selectionSet;
        if (set && (!asks(set, conditions) || (conditions.size > above.size && !isSolid(set, conditions)))) empty.add(selection);
        isAsking = true;
      } else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (fragment && asks(fragment.selectionSet, conditions)) isAsking = true;
      }
    }
    return isAsking;
  };
  /** Whether something of a set is asked for wherever the set is. */
  const isSolid = (set: SelectionSetNode, above: Conditions): boolean =>
    set.selections.some((selection) => {
      const conditions = within(above, selection);
      if (conditions?.size !== above.size) return false;
      if (selection.kind === Kind.FIELD) return true;
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      return fragment !== undefined && isSolid(fragment.selectionSet, conditions);
    });
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
