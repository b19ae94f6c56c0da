import type { FetchDataRewrite } from '@apollo/query-planner';
import { type DocumentNode, type FieldNode, Kind, type SelectionNode, type SelectionSetNode, visit } from 'graphql';

/**
 * The planner gives an alias to a field that has another type in another object type (`Int` and `Int!`), as the two cannot stand side by side, and has it renamed
 * back. It forgets the alias where the field is in a fragment that has a condition and no type: `... on Ant { ... @include(if: $a) { price } }`. Here it is put
 * there. `isByKey`: the text asks for entities, in each of which the paths begin.
 */
export function withAliases(document: DocumentNode, rewrites: readonly FetchDataRewrite[] | undefined, isByKey: boolean): DocumentNode {
  let aliased = document;
  for (const rewrite of rewrites ?? []) {
    if (rewrite.kind !== 'KeyRenamer') continue;
    const put = (set: SelectionSetNode) => aliasedAt(set, rewrite.path, rewrite.renameKeyTo);
    aliased = visit(aliased, {
      OperationDefinition: (node) => ({
        ...node,
        selectionSet: isByKey ? belowFields(node.selectionSet, put) : put(node.selectionSet),
      }),
    });
  }
  return aliased;
}

const CONDITION = '... on ';

const belowFields = (set: SelectionSetNode, change: (set: SelectionSetNode) => SelectionSetNode): SelectionSetNode => ({
  ...set,
  selections: set.selections.map((s) => (s.kind === Kind.FIELD && s.selectionSet ? { ...s, selectionSet: change(s.selectionSet) } : s)),
});

function aliasedAt(set: SelectionSetNode, [step, ...below]: readonly string[], name: string): SelectionSetNode {
  if (step === undefined) return set;
  const selections = set.selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.FIELD) return aliasedField(selection, step, below, name);
    const type = selection.typeCondition?.name.value;
    if (type === undefined) return { ...selection, selectionSet: aliasedAt(selection.selectionSet, [step, ...below], name) };
    return step === CONDITION + type ? { ...selection, selectionSet: aliasedAt(selection.selectionSet, below, name) } : selection;
  });
  return { ...set, selections };
}

function aliasedField(field: FieldNode, step: string, below: readonly string[], name: string): FieldNode {
  const key = (field.alias ?? field.name).value;
  if (below.length === 0) return key === name ? { ...field, alias: { kind: Kind.NAME, value: step } } : field;
  return key === step && field.selectionSet ? { ...field, selectionSet: aliasedAt(field.selectionSet, below, name) } : field;
}
