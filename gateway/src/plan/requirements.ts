import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { Requirement, Rewrite, RewriteStep } from './steps.ts';
import type { Subtypes } from './subtypes.ts';

/** What a representation is made of, with type conditions as the names that fulfil them. */
export function requirementsOf(selections: readonly QueryPlanSelectionNode[], subtypes: Subtypes): readonly Requirement[] {
  return selections.map((selection) =>
    selection.kind === 'Field'
      ? {
          kind: 'field',
          key: selection.alias ?? selection.name,
          selections: selection.selections ? requirementsOf(selection.selections, subtypes) : null,
        }
      : {
          kind: 'fragment',
          types: selection.typeCondition === undefined ? null : subtypes(selection.typeCondition),
          selections: requirementsOf(selection.selections, subtypes),
        },
  );
}

const CONDITION = '... on ';

/** Changes to data, with type conditions as the names that fulfil them. */
export function rewritesOf(rewrites: readonly FetchDataRewrite[] | undefined, subtypes: Subtypes): readonly Rewrite[] {
  return (rewrites ?? []).map((rewrite) => {
    const path = rewrite.path
      .slice(0, -1)
      .map((step): RewriteStep => (step.startsWith(CONDITION) ? { types: subtypes(step.slice(CONDITION.length)) } : { key: step }));
    const key = rewrite.path.at(-1)!;
    return rewrite.kind === 'ValueSetter'
      ? { kind: 'set', path, key, value: rewrite.setValueTo }
      : { kind: 'rename', path, key, to: rewrite.renameKeyTo };
  });
}
