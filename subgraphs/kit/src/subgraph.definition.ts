import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Catalog, SubgraphName } from '@commonweal/schema';
import { type DocumentNode, type GraphQLResolveInfo, Kind, parse } from 'graphql';
import type { Pool } from './db/pool.ts';
import type { EventHandlers } from './events/inbox.ts';
import type { Context } from './graph/context.ts';
import type { Schemas } from './graph/executor.ts';
import { settleEntities } from './graph/settled.ts';
import { guard } from './graph/tripwire.ts';

/** A resolver of one field, as this project writes them. */
// biome-ignore lint/suspicious/noExplicitAny: parents and arguments have the shapes of the SDL, which the generated types of each registry check
export type Resolver = (parent: any, args: any, context: Context, info: GraphQLResolveInfo) => unknown;
/** Resolvers by type and field. `__resolveReference` is (reference, context, info). */
// biome-ignore lint/suspicious/noExplicitAny: see Resolver
export type Resolvers = Readonly<Record<string, Readonly<Record<string, any>>>>;

/** What makes a registry: its name, SDL, resolvers and what it does when it hears of events. */
export interface SubgraphDefinition {
  readonly name: SubgraphName;
  /** SDL as composed, from `schema/subgraphs/<name>.graphql`. */
  readonly sdl: string;
  readonly resolvers: Resolvers;
  readonly onEvents: EventHandlers;
  /** Work that goes on beside the requests, started with the registry and stopped with it. */
  readonly background?: (pool: Pool) => { stop(): Promise<void> };
}

/** Builds the schema of a registry, with and without its tripwire. Throws for an entity without a `__resolveReference`. */
export function subgraphSchema(definition: SubgraphDefinition, catalog: Catalog, onTripwire: (coordinate: string) => void): Schemas {
  const document = parse(definition.sdl);
  for (const type of entitiesOf(document)) {
    // Without it the library would give back what the caller sent as if it were data.
    if (!definition.resolvers[type]?.__resolveReference)
      throw new Error(`${definition.name}: ${type} is an entity without __resolveReference: add one that only loads`);
  }
  // Made twice: the guard wraps resolvers.
  const build = () => buildSubgraphSchema([{ typeDefs: document, resolvers: definition.resolvers as never }]);
  const { schema, ruled } = guard(build(), catalog, onTripwire);
  return { guarded: settleEntities(schema), bare: settleEntities(build()), ruled };
}

/** The object types of a registry that another one may ask for by key. */
function entitiesOf(document: DocumentNode): string[] {
  return document.definitions.flatMap((d) => {
    if (d.kind !== Kind.OBJECT_TYPE_DEFINITION && d.kind !== Kind.OBJECT_TYPE_EXTENSION) return [];
    const keys = (d.directives ?? []).filter((x) => x.name.value === 'key');
    const resolvable = keys.some(
      (k) => !k.arguments?.some((a) => a.name.value === 'resolvable' && a.value.kind === Kind.BOOLEAN && !a.value.value),
    );
    return resolvable ? [d.name.value] : [];
  });
}
