import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import type { SubgraphSdl } from './make/make.ts';

/** The supergraph of subgraphs, or why there is none. */
export type Composed = { readonly sdl: string } | { readonly problems: readonly string[] };

/** Composes subgraphs. */
export function compose(subgraphs: readonly SubgraphSdl[]): Composed {
  const result = composeServices(subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}.test`, typeDefs: parse(sdl) })));
  if (result.errors) return { problems: result.errors.map((e) => e.message) };
  return { sdl: result.supergraphSdl };
}
