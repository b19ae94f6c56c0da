import { buildSubgraphSchema } from '@apollo/subgraph';
import { readSdl } from '@commonweal/kit/config.ts';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import { type GraphQLSchema, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Fetch } from './system.ts';

const schemas = new Map<SubgraphName, GraphQLSchema>(
  SUBGRAPHS.map((name) => [name, buildSubgraphSchema([{ typeDefs: parse(readSdl(name)) }])]),
);

/** The fields that fetches asked registries for, as coordinates. */
export function coordinatesIn(fetches: readonly Fetch[]): Set<string> {
  const found = new Set<string>();
  for (const { subgraph, query } of fetches) {
    const info = new TypeInfo(schemas.get(subgraph)!);
    visit(parse(query), visitWithTypeInfo(info, { Field: (node) => void found.add(`${info.getParentType()?.name}.${node.name.value}`) }));
  }
  return found;
}
