import type { SubgraphAnswer, SubgraphName } from '@commonweal/schema';
import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';

/** An operation to plan and run: rewritten, so that all of it may be run. */
export interface EngineOperation {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** Key under which its plan is kept. */
  readonly hash: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the subgraphs gave, merged: by the names that were sent, not yet shaped, with errors that may be told. */
export interface EngineResult {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly GraphQLError[];
}

/** Calls subgraphs for one operation of one caller. Never rejects: a subgraph that fails is an answer with errors. */
export interface Fetcher {
  fetch(
    subgraph: SubgraphName,
    query: string,
    variables: Readonly<Record<string, unknown>>,
    operationName: string | undefined,
  ): Promise<SubgraphAnswer>;
}

/** Plans and runs operations over the subgraphs. */
export interface Engine {
  /** The whole graph as consumers could see it if nothing were hidden. */
  readonly schema: GraphQLSchema;
  run(operation: EngineOperation, fetcher: Fetcher): Promise<EngineResult>;
  stop(): Promise<void>;
}
