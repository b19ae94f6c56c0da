import { Chance } from '../random.ts';
import { makeAbstract } from './abstract.ts';
import type { DraftSubgraph } from './draft.ts';
import { printSubgraph } from './draft.ts';
import { makeEntities } from './entities.ts';
import { makeFields } from './fields.ts';
import { makeHidden } from './hidden.ts';
import type { Making } from './making.ts';
import { makeMoved } from './moved.ts';
import { makeProvides } from './provides.ts';
import { makeRequires } from './requires.ts';
import { makeRoots } from './roots.ts';

/** The SDL of one subgraph. */
export interface SubgraphSdl {
  readonly name: string;
  readonly sdl: string;
}

/** Makes up the subgraphs of a supergraph. Most sets compose; the rest is for the caller to throw away. */
export function makeSubgraphs(seed: string): readonly SubgraphSdl[] {
  const chance = new Chance(seed);
  const names = ['a', 'b', 'c', 'd'].slice(0, chance.pick([2, 2, 3, 3, 4]));
  const subgraphs = new Map<string, DraftSubgraph>(
    names.map((name) => [name, { name, types: new Map(), unions: new Map(), isRenamed: chance.maybe(0.15) }]),
  );
  const making: Making = { chance, subgraphs, entities: [], values: [], interfaces: [], unions: [], objects: [] };
  makeEntities(making);
  makeAbstract(making);
  makeFields(making);
  makeMoved(making);
  makeRequires(making);
  makeProvides(making);
  makeRoots(making);
  makeHidden(making);
  return [...subgraphs.values()].map((s) => ({ name: s.name, sdl: printSubgraph(s) }));
}
