import type { GraphQLSchema } from 'graphql';
import type { SubgraphCall } from '../src/execute/types.ts';
import type { Operation } from './ask/operation.ts';
import type { Catalog } from './catalog.ts';
import type { Fault } from './faults.ts';
import type { Answer } from './gateways.ts';
import type { Truth } from './monolith.ts';

/** An answer, and what its gateway asked subgraphs that none should be asked. */
export interface Heard {
  readonly answer: Answer;
  readonly objections: readonly string[];
  /** Root fields of mutations, in the order in which subgraphs were asked for them. */
  readonly mutations: readonly string[];
  readonly calls: readonly SubgraphCall[];
}

/** What two gateways and the truth are compared by. */
export interface Compared {
  readonly schema: GraphQLSchema;
  readonly catalog: Catalog;
  readonly operation: Operation;
  readonly faults: readonly Fault[];
  readonly truth: Truth;
  readonly stock: Heard;
  readonly ours: Heard;
}

/**
 * `same`: nothing to say. `different`: ours is wrong, or it differs from stock and nobody knows why. `stock`: stock is wrong and ours is right. `both`: the
 * truth is otherwise than both. `none`: neither can plan it, and both say so. `plan`: they asked subgraphs for different things, so that a fault hits them
 * differently, and ours is sound by itself. `limit`: ours refuses to plan what stock plans, by a limit of its own. The class names what is wrong, without the names of one case.
 */
export interface Verdict {
  readonly kind: 'same' | 'different' | 'stock' | 'both' | 'none' | 'limit' | 'plan';
  readonly class: string;
  readonly detail?: string;
}

/** Nothing to say. */
export const SAME: Verdict = { kind: 'same', class: '' };

/** A difference. */
export const different = (name: string, detail?: string): Verdict => ({
  kind: 'different',
  class: name,
  ...(detail === undefined ? {} : { detail }),
});

/** A message without what belongs to one case. */
export const general = (message: string): string =>
  message
    .replaceAll(/: (query|mutation|\{|undefined)[\s\S]*$/g, '')
    .replaceAll(/"[^"]*"/g, '…')
    .replaceAll(/\b[A-Z]\w*\(\w\)/g, '…')
    .replaceAll(/\b[A-Z]\w+\.\w+/g, '…')
    .replaceAll(/^[a-d] was/g, 'a subgraph was')
    .slice(0, 160);
