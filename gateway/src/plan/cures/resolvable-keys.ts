import {
  type ConstDirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { argumentOf, parseFieldSet } from './supergraph-ast.ts';

/**
 * To come back into a subgraph with what `@requires` asked for, the planner takes the first key of the type there, even one that the subgraph cannot resolve
 * (`resolvable: false`). So such keys are dropped where the type has one that is resolved, and where one must stay it stands last.
 */
export function withResolvableKeysFirst(supergraph: DocumentNode): DocumentNode {
  const interfaces = new Map<string, InterfaceTypeDefinitionNode>();
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.INTERFACE_TYPE_DEFINITION)
      interfaces.set(
        definition.name.value,
        mended(definition, () => false),
      );
  }
  return visit(supergraph, {
    InterfaceTypeDefinition: (node) => interfaces.get(node.name.value),
    ObjectTypeDefinition: (node) => mended(node, (graph, key) => isKeyOfInterface(node, graph, key, interfaces)),
  });
}

/** A key of an interface must be one of each object type behind it, resolvable or not. */
function isKeyOfInterface(
  node: ObjectTypeDefinitionNode,
  graph: string,
  key: string,
  interfaces: ReadonlyMap<string, InterfaceTypeDefinitionNode>,
): boolean {
  return (node.interfaces ?? []).some((implemented) =>
    (interfaces.get(implemented.name.value)?.directives ?? []).some((d) => {
      const its = keyOf(d);
      return its?.graph === graph && normal(its.fields) === normal(key);
    }),
  );
}

function mended<T extends ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>(
  node: T,
  mustStay: (graph: string, key: string) => boolean,
): T {
  const keys = (node.directives ?? []).map(keyOf);
  const resolvedIn = new Set(keys.filter((k) => k?.isResolvable).map((k) => k!.graph));
  if (keys.every((k) => !k || k.isResolvable || !resolvedIn.has(k.graph))) return node;
  const last: ConstDirectiveNode[] = [];
  const others = (node.directives ?? []).filter((directive, index) => {
    const key = keys[index];
    if (!key || key.isResolvable || !resolvedIn.has(key.graph)) return true;
    if (mustStay(key.graph, key.fields)) last.push(directive);
    return false;
  });
  return { ...node, directives: [...others, ...last] };
}

function keyOf(directive: ConstDirectiveNode): { readonly graph: string; readonly fields: string; readonly isResolvable: boolean } | null {
  if (directive.name.value !== 'join__type') return null;
  const graph = argumentOf(directive, 'graph');
  const fields = argumentOf(directive, 'key');
  if (graph?.kind !== Kind.ENUM || fields?.kind !== Kind.STRING) return null;
  const resolvable = argumentOf(directive, 'resolvable');
  return { graph: graph.value, fields: fields.value, isResolvable: !(resolvable?.kind === Kind.BOOLEAN && !resolvable.value) };
}

/** A set of fields with its fields in one order. */
function normal(fields: string): string {
  const sorted = visit(parseFieldSet(fields), {
    SelectionSet: {
      leave: (node): SelectionSetNode => ({ ...node, selections: [...node.selections].sort((a, b) => (print(a) < print(b) ? -1 : 1)) }),
    },
  });
  return print(sorted);
}
