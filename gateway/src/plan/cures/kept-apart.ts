import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { argumentOf } from './supergraph-ast.ts';

/** A condition that always holds. The planner puts nothing that has it together with what has it not. */
const APART: DirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'include' },
  arguments: [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'if' }, value: { kind: Kind.BOOLEAN, value: true } }],
};

/**
 * Fields that a subgraph computes for an interface which it knows as an object, as `Type.field` of each type behind it. The supergraph tells them: clients may
 * not see the interface.
 */
export function computedByInterface(supergraph: DocumentNode, untyped: ReadonlySet<string>): ReadonlySet<string> {
  const ofInterfaces = new Map<string, ReadonlySet<string>>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.INTERFACE_TYPE_DEFINITION || !untyped.has(definition.name.value)) continue;
    const computed = (definition.fields ?? []).filter((field) =>
      field.directives?.some((d) => d.name.value === 'join__field' && argumentOf(d, 'requires') !== undefined),
    );
    ofInterfaces.set(definition.name.value, new Set(computed.map((field) => field.name.value)));
  }
  const found = new Set<string>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const { name } of definition.interfaces ?? [])
      for (const field of ofInterfaces.get(name.value) ?? []) found.add(`${definition.name.value}.${field}`);
  }
  return found;
}

/**
 * In `... on Book { label }` of media whose type is to be found out yet, where the label is computed for media as such, the planner puts what tells the type
 * together with what the label requires, if one subgraph has both; then each waits for the other, and it looks for an end until no memory is left. Here such a
 * field is kept apart. What counts is what may be behind a fragment and not what it says: the planner takes `... on Book { ... on Media { label } }` for the
 * same. A field that need not be kept apart is fetched with the others all the same.
 */
export function withComputedKeptApart(schema: GraphQLSchema, computed: ReadonlySet<string>, document: DocumentNode): DocumentNode {
  if (computed.size === 0) return document;
  const fieldsOf = (node: { readonly typeCondition?: NamedTypeNode | undefined; readonly selectionSet: SelectionSetNode }) => {
    const type = node.typeCondition && schema.getType(node.typeCondition.name.value);
    if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
    const possible = isObjectType(type) ? [type] : schema.getPossibleTypes(type);
    const isComputed = ({ name }: FieldNode) => possible.some((t) => computed.has(`${t.name}.${name.value}`));
    return { ...node, selectionSet: keptApart(node.selectionSet, isComputed) };
  };
  return visit(document, { InlineFragment: fieldsOf, FragmentDefinition: fieldsOf });
}

function keptApart(set: SelectionSetNode, isComputed: (field: FieldNode) => boolean): SelectionSetNode {
  const selections = set.selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FIELD) {
      return isComputed(selection) ? { ...selection, directives: [...(selection.directives ?? []), APART] } : selection;
    }
    const isBare = selection.kind === Kind.INLINE_FRAGMENT && !selection.typeCondition;
    return isBare ? { ...selection, selectionSet: keptApart(selection.selectionSet, isComputed) } : selection;
  });
  return { ...set, selections };
}

/** The text of a fetch without what kept its fields apart. */
export const withNothingApart = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Directive: (node) => (node.name.value === 'include' && argumentOf(node as never, 'if')?.kind === Kind.BOOLEAN ? null : undefined),
  });
