import { Kind, parse } from 'graphql';

/**
 * Interfaces that a subgraph knows as an object (`@interfaceObject`). Such a subgraph cannot tell what type an object really has, and a plan asks another one for
 * it only where the operation makes a difference between the types.
 */
export function interfaceObjectsOf(supergraphSdl: string): ReadonlySet<string> {
  const names = new Set<string>();
  if (!supergraphSdl.includes('isInterfaceObject')) return names;
  for (const node of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const isObject = node.directives?.some((d) =>
      d.arguments?.some((a) => a.name.value === 'isInterfaceObject' && a.value.kind === Kind.BOOLEAN && a.value.value),
    );
    if (isObject) names.add(node.name.value);
  }
  return names;
}
