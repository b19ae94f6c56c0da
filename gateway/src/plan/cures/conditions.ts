import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionNode, type SelectionSetNode, visit } from 'graphql';

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
 * A document without the conditions that depend on no variable: what is left out anyway is no longer there (also `@include(if: $a) @skip(if: $a)`), and the rest
 * has no condition. The planner would look for ways to the one, and keep the other apart from the same without a condition. A set of which nothing stays is left
 * as it is.
 */
export function withoutConstants(document: DocumentNode): DocumentNode {
  const possible = new Possible(document);
  return visit(document, {
    OperationDefinition: (node) => ({ ...node, selectionSet: possible.set(node.selectionSet) ?? node.selectionSet }),
    FragmentDefinition: (node) => ({ ...node, selectionSet: possible.set(node.selectionSet) ?? node.selectionSet }),
    Directive: (node) => {
      const isConstant = node.arguments?.some(
        (a) => a.name.value === 'if' && a.value.kind === Kind.BOOLEAN && a.value.value === (node.name.value === 'include'),
      );
      return isConstant && (node.name.value === 'skip' || node.name.value === 'include') ? null : undefined;
    },
  });
}

const NONE: Conditions = new Map();

/** What of a document can be asked for. */
class Possible {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #isEmpty = new Map<string, boolean>();

  constructor(document: DocumentNode) {
    this.#fragments = new Map(document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]));
  }

  /** Null when nothing is left. A field whose set has nothing left is asked for nevertheless. */
  set(set: SelectionSetNode, above = NONE): SelectionSetNode | null {
    const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
      const conditions = within(above, selection);
      if (!conditions) return [];
      if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#isLost(selection.name.value) ? [] : [selection];
      const below = selection.selectionSet && this.set(selection.selectionSet, conditions);
      if (selection.kind === Kind.FIELD) return [below ? { ...selection, selectionSet: below } : selection];
      return below ? [{ ...selection, selectionSet: below }] : [];
    });
    return selections.length > 0 ? { ...set, selections } : null;
  }

  #isLost(name: string): boolean {
    let isEmpty = this.#isEmpty.get(name);
    if (isEmpty === undefined) {
      const fragment = this.#fragments.get(name);
      isEmpty = fragment !== undefined && this.set(fragment.selectionSet) === null;
      this.#isEmpty.set(name, isEmpty);
    }
    return isEmpty;
  }
}
