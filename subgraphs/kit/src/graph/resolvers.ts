import type { Resolvers } from '../subgraph.definition.ts';

/** The resolvers of several modules as one: a type may have fields in more than one, a field has one resolver. Throws for a second. */
export function joinResolvers(...modules: readonly Resolvers[]): Resolvers {
  const joined: Record<string, Record<string, unknown>> = {};
  for (const module of modules) {
    for (const [type, fields] of Object.entries(module)) {
      joined[type] ??= {};
      for (const [name, resolver] of Object.entries(fields)) {
        if (Object.hasOwn(joined[type], name)) throw new Error(`${type}.${name} has two resolvers`);
        joined[type][name] = resolver;
      }
    }
  }
  return joined;
}
