import { readFileSync } from 'node:fs';

/** Resolves a field of a subgraph. */
export type Resolver = (source: never, args: never) => unknown;

/** A subgraph: its schema, and how what is not a mere property is found. */
export interface SubgraphDefinition {
  readonly sdl: string;
  /** Entities by type: from a representation to the object. */
  readonly entities: Readonly<Record<string, (representation: never) => unknown>>;
  /** By coordinate, `Type.field`. */
  readonly fields: Readonly<Record<string, Resolver>>;
}

/** A federated graph and the one question that is asked of it. */
export interface BenchGraph {
  readonly name: string;
  readonly subgraphs: Readonly<Record<string, SubgraphDefinition>>;
  readonly query: string;
  /** Variables of the n-th request. */
  variables(n: number): Readonly<Record<string, unknown>>;
  /** How many requests differ by their variables. */
  readonly different: number;
}

/** Text of a file beside the module that asks for it. */
export const fileBeside = (module: string, name: string): string => readFileSync(new URL(name, module), 'utf8');
