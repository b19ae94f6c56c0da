import { type DocumentNode, Kind } from 'graphql';

/** Names of the types that an object of a type may have as its `__typename`. */
export type Subtypes = (type: string) => ReadonlySet<string>;

/**
 * Reads the type conditions of a supergraph. The name of an interface is among its own: a subgraph that knows the interface only as an object
 * (`@interfaceObject`) gives that name as the `__typename`.
 */
export function subtypesOf(supergraph: DocumentNode): Subtypes {
  const found = new Map<string, Set<string>>();
  const add = (type: string, member: string) => {
    const members = found.get(type) ?? new Set([type]);
    found.set(type, members.add(member));
  };
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      // An interface that implements another one is listed by its objects beside it, so that no chain is to be followed.
      for (const implemented of definition.interfaces ?? []) add(implemented.name.value, definition.name.value);
    } else if (definition.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const member of definition.types ?? []) add(definition.name.value, member.name.value);
    }
  }
  return (type) => found.get(type) ?? new Set([type]);
}
