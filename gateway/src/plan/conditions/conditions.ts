import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, type SelectionNode, type ValueNode, visit } from 'graphql';
import type { Fragments } from '../fragments.ts';

/**
 * Values of the variables in `@skip` and `@include`. One that is not among them is null, as only a variable with a default can be: what hangs on it cannot be
 * told.
 */
export type Conditions = ReadonlyMap<string, boolean>;

/** Names of the variables by which an operation, and the fragments it reaches, skip or include. */
export function conditionVariables(operation: OperationDefinitionNode, fragments: Fragments): readonly string[] {
  const names = new Set<string>();
  const met = new Set<string>();
  const open: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (let definition = open.pop(); definition; definition = open.pop()) {
    visit(definition, {
      Directive(node) {
        if (node.name.value !== 'skip' && node.name.value !== 'include') return;
        for (const a of node.arguments ?? []) if (a.value.kind === Kind.VARIABLE) names.add(a.value.name.value);
      },
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || met.has(name.value)) return;
        met.add(name.value);
        open.push(fragment);
      },
    });
  }
  return [...names];
}

/** Whether a selection is asked for; null where that cannot be told. `@skip` is judged first: what it leaves out is left out whatever `@include` says. */
export function isAsked(selection: SelectionNode, conditions: Conditions): boolean | null {
  const isSkipped = conditionOf(selection, 'skip', conditions) ?? false;
  if (isSkipped !== false) return isSkipped === 'unknown' ? null : false;
  const isIncluded = conditionOf(selection, 'include', conditions) ?? true;
  return isIncluded === 'unknown' ? null : isIncluded;
}

/** The value of one of the two; undefined where it is not there. */
function conditionOf({ directives }: SelectionNode, name: 'skip' | 'include', conditions: Conditions): boolean | 'unknown' | undefined {
  const directive = directives?.find((d) => d.name.value === name);
  const value: ValueNode | undefined = directive?.arguments?.find((a) => a.name.value === 'if')?.value;
  if (value?.kind === Kind.VARIABLE) return conditions.get(value.name.value) ?? 'unknown';
  return value && (value.kind === Kind.BOOLEAN ? value.value : 'unknown');
}
