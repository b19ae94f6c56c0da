import { type DocumentNode, type FieldNode, Kind, type SelectionNode, type SelectionSetNode, visit } from 'graphql';

/**
 * The planner keeps a field apart from the same field under a condition, and may lose its way between what both require. Here a field that is asked for without a
 * condition stands once in a set: what else is said of it there is put into it, and a leaf is not asked for again under a condition.
 */
export function withoutRepeats(document: DocumentNode): DocumentNode {
  return visit(document, { SelectionSet: (set) => merged(set) });
}

/** The set itself where nothing is said twice. On entering, so that what is put together is looked at as well. */
function merged(set: SelectionSetNode): SelectionSetNode | undefined {
  const plain = new Map<string, FieldNode>();
  for (const selection of set.selections) {
    if (selection.kind !== Kind.FIELD || selection.directives?.length) continue;
    const key = keyOf(selection);
    const known = plain.get(key);
    plain.set(key, known ? together(known, selection) : selection);
  }
  const told = new Set<string>();
  const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind !== Kind.FIELD) return [selection];
    const key = keyOf(selection);
    const field = plain.get(key);
    if (!field) return [selection];
    if (selection.directives?.length) return selection.selectionSet ? [selection] : [];
    return told.has(key) ? [] : told.add(key) && [field];
  });
  return selections.length < set.selections.length ? { ...set, selections } : undefined;
}

const keyOf = (field: FieldNode): string => (field.alias ?? field.name).value;

const together = (one: FieldNode, other: FieldNode): FieldNode =>
  one.selectionSet && other.selectionSet
    ? { ...one, selectionSet: { ...one.selectionSet, selections: [...one.selectionSet.selections, ...other.selectionSet.selections] } }
    : one;
