import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type DocumentNode, type GraphQLError, parse } from 'graphql';
import type { BenchGraph } from './graph.ts';

interface Composition {
  composeServices(services: { name: string; url: string; typeDefs: DocumentNode }[]): {
    supergraphSdl?: string;
    errors?: readonly GraphQLError[];
  };
}

/** Supergraph of a graph whose subgraphs listen at these addresses. Throws with what does not fit together. */
export function supergraphOf(graph: BenchGraph, urls: Readonly<Record<string, string>>): string {
  // The gateway's development dependency, found from there.
  const { composeServices } = createRequire(fileURLToPath(import.meta.resolve('@commonweal/gateway/lru.ts')))(
    '@apollo/composition',
  ) as Composition;
  const services = Object.entries(graph.subgraphs).map(([name, { sdl }]) => ({ name, url: urls[name] ?? '', typeDefs: parse(sdl) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.map((one) => one.message).join('\n') ?? 'the graph does not compose');
  return supergraphSdl;
}
