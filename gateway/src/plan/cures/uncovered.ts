import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../fragments.ts';
import { PlanError } from '../plan-error.ts';
import type { Step } from '../steps.ts';
import { type Keys, keysOfStep } from './fetched-keys.ts';

/**
 * Where no subgraph leads to a field the planner leaves it out without a word, and the client would be told that it is null. Here that is an error. Fields
 * behind a condition on the type are not judged: often it is right to leave them out, as no such object can stand there.
 */
export function refuseUncovered(schema: GraphQLSchema, document: DocumentNode, step: Step | null): void {
  const fetched = step ? keysOfStep(step) : new Map();
  const fragments = fragmentsOf(document);

  const judge = (set: SelectionSetNode, type: GraphQLNamedType | undefined, keys: Keys): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
        if (!definition || name.startsWith('__')) continue;
        const inner = keys.get(selection.alias?.value ?? name);
        if (!inner) throw new PlanError('impossible', `No subgraph gives ${type?.name}.${name} where the operation asks for it.`);
        if (selection.selectionSet) judge(selection.selectionSet, getNamedType(definition.type), inner);
      } else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        const condition = fragment?.typeCondition?.name.value ?? type?.name;
        if (fragment && type && condition && !narrows(schema, type, condition)) judge(fragment.selectionSet, type, keys);
      }
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION)
      judge(definition.selectionSet, schema.getRootType(definition.operation) ?? undefined, fetched);
  }
}

function narrows(schema: GraphQLSchema, type: GraphQLNamedType, condition: string): boolean {
  if (condition === type.name) return false;
  const wanted = schema.getType(condition);
  return !isAbstractType(wanted) || !(isObjectType(type) || isInterfaceType(type)) || !schema.isSubType(wanted, type);
}
