import { type DocumentNode, type FieldNode, Kind, type OperationDefinitionNode, OperationTypeNode, type SelectionSetNode } from 'graphql';
import { MOST_SELECTIONS, type PlannedOperation } from '../operation.ts';
import { PlanError } from '../plan-error.ts';
import { type Conditions, within } from './conditions.ts';

/** What is to be planned (null: nothing), by the values of Boolean variables. */
export type Choice =
  | { readonly kind: 'document'; readonly document: DocumentNode | null }
  | { readonly kind: 'choice'; readonly variable: string; readonly when: Choice; readonly otherwise: Choice };

/**
 * Mutations are carried out in the order in which they stand. The planner puts fields of fragments together, and those that have a condition in common, so that
 * `a ... @include(if: $x) { b } c ... @include(if: $x) { d }` would be done as a, b, d, c; and where one mutation stands twice, its conditions decide when its
 * turn is. So a mutation is planned as a plain list of fields: without fragments, each once, for each set of values of the variables that it depends on.
 */
export function inTheirOrder({ document, size }: PlannedOperation): Choice {
  const operation = document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
  if (operation?.operation !== OperationTypeNode.MUTATION) return { kind: 'document', document };
  const choose = ([variable, ...others]: readonly string[], known: Conditions): Choice => {
    if (variable === undefined) return { kind: 'document', document: plain(document, operation, known) };
    const branch = (value: boolean) => choose(others, new Map(known).set(variable, value));
    return { kind: 'choice', variable, when: branch(true), otherwise: branch(false) };
  };
  const variables = variablesIn(operation.selectionSet, new Set());
  if (size * 2 ** variables.size > MOST_SELECTIONS) {
    throw new PlanError('too-large', `What the mutation does depends on ${variables.size} variables, which is too many for its size.`);
  }
  return choose([...variables], new Map());
}

/** Variables that decide what is done, and not just what is told of it. */
function variablesIn(set: SelectionSetNode, found: Set<string>): ReadonlySet<string> {
  for (const selection of set.selections) {
    for (const name of within(new Map(), selection)?.keys() ?? []) found.add(name);
    if (selection.kind === Kind.INLINE_FRAGMENT) variablesIn(selection.selectionSet, found);
  }
  return found;
}

/** The document with nothing at the root but fields, each once: those that are asked for under these conditions. */
function plain(document: DocumentNode, operation: OperationDefinitionNode, known: Conditions): DocumentNode | null {
  const fields = new Map<string, FieldNode>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (!within(known, selection)) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      if (selection.kind !== Kind.FIELD) continue;
      const key = (selection.alias ?? selection.name).value;
      fields.set(key, together(fields.get(key), selection));
    }
  };
  collect(operation.selectionSet);
  if (fields.size === 0) return null;
  const mended = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [...fields.values()] } as const };
  return { ...document, definitions: document.definitions.map((d) => (d === operation ? mended : d)) };
}

function together(known: FieldNode | undefined, field: FieldNode): FieldNode {
  if (known) {
    const selections = [...(known.selectionSet?.selections ?? []), ...(field.selectionSet?.selections ?? [])];
    return selections.length > 0 ? { ...known, selectionSet: { kind: Kind.SELECTION_SET, selections } } : known;
  }
  return { ...field, directives: field.directives?.filter((d) => d.name.value !== 'skip' && d.name.value !== 'include') };
}
