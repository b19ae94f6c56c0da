import { type DocumentNode, Kind, type SelectionNode, visit } from 'graphql';

/** Values that variables must have for a selection to be asked for. */
export type Conditions = ReadonlyMap<string, boolean>;

/** The conditions of a selection and of what it stands in; null when it is never asked for, as they exclude each other or it is left out anyway. */
export function within(above: Conditions, selection: SelectionNode): Conditions | null {
  if (isNever(selection)) return null;
  let conditions = above;
  for (const directive of selection.directives ?? []) {
    const value = directive.arguments?.find((a) => a.name.value === 'if')?.value;
    if (value?.kind !== Kind.VARIABLE || (directive.name.value !== 'skip' && directive.name.value !== 'include')) continue;
    const wanted = directive.name.value === 'include';
    if (conditions.get(value.name.value) === !wanted) return null;
    conditions = new Map(conditions).set(value.name.value, wanted);
  }
  return conditions;
}

/** Whether a selection is left out whatever the variables are: `@skip(if: true)`, `@include(if: false)`. */
export function isNever(selection: SelectionNode): boolean {
  return (selection.directives ?? []).some((directive) => {
    const value = directive.arguments?.find((a) => a.name.value === 'if')?.value;
    if (value?.kind !== Kind.BOOLEAN) return false;
    return (directive.name.value === 'skip' && value.value) || (directive.name.value === 'include' && !value.value);
  });
}

/**
 * A document without the conditions that depend on no variable: what is left out anyway is no longer there, and the rest has no condition. The planner would look
 * for ways to the one, and keep the other apart from the same without a condition. A set of which nothing stays is left as it is.
 */
export function withoutConstants(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: (set) => {
      const selections = set.selections.filter((s) => !isNever(s));
      return selections.length > 0 && selections.length < set.selections.length ? { ...set, selections } : undefined;
    },
    Directive: (node) => {
      const isConstant = node.arguments?.some(
        (a) => a.name.value === 'if' && a.value.kind === Kind.BOOLEAN && a.value.value === (node.name.value === 'include'),
      );
      return isConstant && (node.name.value === 'skip' || node.name.value === 'include') ? null : undefined;
    },
  });
}
