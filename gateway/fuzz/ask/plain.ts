import { Kind, print, visit } from 'graphql';
import { conditionVariables } from '../../src/plan/conditions/conditions.ts';
import { Known, TYPENAME } from '../../src/plan/conditions/known.ts';
import { fragmentsOf } from '../../src/plan/fragments.ts';
import type { Operation } from './operation.ts';

/**
 * An operation as it is for its variables, without conditions: our engine plans it so. Stock is given it too where faults hit what is asked, so that both
 * ask for the same. Itself where it has no conditions, and where without them it would be another: nothing is left, or an object without fields.
 */
export function plainOperation(operation: Operation): Operation {
  const fragments = fragmentsOf(operation.document);
  const definition = operation.document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
  const names = definition ? conditionVariables(definition, fragments) : [];
  if (!definition || !/@(skip|include)/.test(operation.text)) return operation;
  const defaults = new Map((definition.variableDefinitions ?? []).map((v) => [v.variable.name.value, v.defaultValue]));
  const conditions = names.flatMap((name) => {
    const known = defaults.get(name);
    const value = operation.variables[name] ?? (known?.kind === Kind.BOOLEAN ? known.value : undefined);
    return typeof value === 'boolean' ? [[name, value] as const] : [];
  });
  const known = new Known(fragments, new Map(conditions));
  const selections = known.root(definition.selectionSet) ?? [];
  if (selections.length === 0) return operation;
  let isOther = false;
  const used = new Set<string>();
  const spread = new Set<string>();
  const look = (node: Parameters<typeof visit>[0]): void => {
    visit(node, {
      Variable: ({ name }) => void used.add(name.value),
      Field: (field) => {
        if (field === TYPENAME) isOther = true;
      },
      FragmentSpread: ({ name }) => {
        const fragment = spread.has(name.value) ? undefined : known.fragment(name.value);
        spread.add(name.value);
        if (fragment) look(fragment);
      },
    });
  };
  look({ kind: Kind.SELECTION_SET, selections });
  if (isOther) return operation;
  const variableDefinitions = definition.variableDefinitions?.filter((v) => used.has(v.variable.name.value));
  const bare = { ...definition, variableDefinitions, selectionSet: { ...definition.selectionSet, selections } };
  const document = { ...operation.document, definitions: [bare, ...[...spread].flatMap((name) => known.fragment(name) ?? [])] };
  const variables = Object.fromEntries(Object.entries(operation.variables).filter(([name]) => used.has(name)));
  return { text: print(document), document, variables };
}
