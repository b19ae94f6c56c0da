import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { applies } from './world.ts';

/** What decides which fields of a text are asked for. */
interface Asking {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** The fields that are asked of an object of a type, by response key: as the GraphQL specification collects them. */
export function collected(
  schema: GraphQLSchema,
  asking: Asking,
  type: string,
  sets: readonly SelectionSetNode[],
  into = new Map<string, FieldNode[]>(),
): Map<string, FieldNode[]> {
  for (const node of sets.flatMap((set) => set.selections)) {
    if (node.directives?.length && isLeftOut(node, asking.variables)) continue;
    if (node.kind === Kind.FIELD) {
      const key = node.alias?.value ?? node.name.value;
      const same = into.get(key);
      if (same) same.push(node);
      else into.set(key, [node]);
      continue;
    }
    const inner = node.kind === Kind.FRAGMENT_SPREAD ? asking.fragments.get(node.name.value) : node;
    if (inner && applies(schema, inner.typeCondition?.name.value, type)) collected(schema, asking, type, [inner.selectionSet], into);
  }
  return into;
}

function isLeftOut(node: SelectionSetNode['selections'][number], variables: Readonly<Record<string, unknown>>): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variables as Record<string, unknown>)?.if === true) return true;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables as Record<string, unknown>)?.if === false;
}
