import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../fragments.ts';
import { MOST_SELECTIONS } from '../operation.ts';
import { PlanError } from '../plan-error.ts';

/**
 * Behind an interface that a subgraph knows as an object, the planner may find no way to what is asked under a condition on another interface or on a union
 * (`... on Named` of a `Media`). Here such a condition is one for each type that fulfills it, and what stands in a fragment without a condition stands beside it.
 * This is for operations that could not be planned without. Null where there is nothing to write out.
 */
export function withConcreteConditions(schema: GraphQLSchema, untyped: ReadonlySet<string>, document: DocumentNode): DocumentNode | null {
  const fragments = fragmentsOf(document);
  let size = 0;
  let isChanged = false;

  const selected = (set: SelectionSetNode, type: GraphQLNamedType | undefined): readonly SelectionNode[] => {
    const selections = set.selections.flatMap((s) => ofSelection(s, type));
    size += selections.length;
    if (size > MOST_SELECTIONS) throw new PlanError('too-large', 'The operation is too large with its type conditions written out.');
    return selections;
  };
  const ofSet = (set: SelectionSetNode, type: GraphQLNamedType | undefined): SelectionSetNode => {
    const selections = selected(set, type);
    return { ...set, selections: selections.length > 0 ? selections : [TYPENAME] };
  };
  const ofSelection = (selection: SelectionNode, type: GraphQLNamedType | undefined): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD) {
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[selection.name.value] : undefined;
      return selection.selectionSet
        ? [{ ...selection, selectionSet: ofSet(selection.selectionSet, field && getNamedType(field.type)) }]
        : [selection];
    }
    const fragment:
      | { readonly typeCondition?: FragmentDefinitionNode['typeCondition']; readonly selectionSet: SelectionSetNode }
      | undefined = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return [];
    const wanted = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
    const inline = (name: string | undefined, on: GraphQLNamedType | undefined): readonly SelectionNode[] => {
      const selections = selected(fragment.selectionSet, on);
      if (selections.length === 0) return [];
      const typeCondition = name === undefined ? undefined : ({ kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } } as const);
      return [
        {
          kind: Kind.INLINE_FRAGMENT,
          typeCondition,
          selectionSet: { ...fragment.selectionSet, selections },
        },
      ];
    };
    if (wanted === type) {
      isChanged = true;
      return selected(fragment.selectionSet, type);
    }
    // What is known to be of one type fulfills a condition or does not.
    if (isObjectType(type) && wanted !== type)
      return isAbstractType(wanted) && schema.isSubType(wanted, type) ? inline(undefined, type) : [];
    if (!isInterfaceType(type) || !untyped.has(type.name) || wanted === type || !isAbstractType(wanted)) {
      return inline(fragment.typeCondition?.name.value, wanted);
    }
    isChanged = true;
    return schema
      .getPossibleTypes(type)
      .filter((t) => schema.isSubType(wanted, t))
      .flatMap((t) => inline(t.name, t));
  };

  const definitions = document.definitions.flatMap((d) =>
    d.kind === Kind.OPERATION_DEFINITION
      ? [{ ...d, selectionSet: ofSet(d.selectionSet, schema.getRootType(d.operation) ?? undefined) }]
      : [],
  );
  return isChanged ? { ...document, definitions } : null;
}

const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
