import { type DocumentNode, type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql';
import type { Fetch } from '../steps.ts';

/** A field in a text that is sent, with the type that it is asked of (null: no type condition says it). */
export interface AskedField {
  readonly type: string | null;
  readonly field: FieldNode;
}

/** What the operations of a document select. */
export const operationsOf = (document: DocumentNode): readonly SelectionSetNode[] =>
  document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION).map((d) => d.selectionSet);

/** Reads the text of a fetch. */
export const readText = (fetch: Fetch): DocumentNode => parse(fetch.text, { noLocation: true });

/** What is selected under a key of the root: of the entities of a group. */
export function belowRoot(document: DocumentNode, key: string): SelectionSetNode {
  for (const set of operationsOf(document)) {
    for (const field of set.selections) {
      if (field.kind === Kind.FIELD && (field.alias ?? field.name).value === key && field.selectionSet) return field.selectionSet;
    }
  }
  return { kind: Kind.SELECTION_SET, selections: [] };
}

/** The fields of a set, through fragments, and nothing of what is below them. */
export function fieldsIn(set: SelectionSetNode, type: string | null): readonly AskedField[] {
  return set.selections.flatMap((selection): readonly AskedField[] => {
    if (selection.kind === Kind.FIELD) return [{ type, field: selection }];
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [];
    return fieldsIn(selection.selectionSet, selection.typeCondition?.name.value ?? type);
  });
}
