/** One call to a subgraph, as a plan wants it. */
export interface SubgraphCall {
  readonly subgraph: string;
  /** The document: one fixed text for each fetch of a plan. */
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operation: 'query' | 'mutation';
}

/** An error as subgraphs give it. */
export interface SubgraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The answer of a subgraph. */
export interface SubgraphReply {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly SubgraphError[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
  /** Somebody else holds this reply too: it must not be written to. */
  readonly shared?: boolean | undefined;
}

/** The way to the subgraphs on behalf of one caller. */
export interface Caller {
  /**
   * Calls under the same key are the same caller's and may share one answer while it is under way; null: never. It must hold everything that the subgraphs
   * decide by.
   */
  readonly key: string | null;
  /** Calls a subgraph. A rejection means that there is no answer: the engine makes it an error with a code. */
  call(call: SubgraphCall, signal: AbortSignal): Promise<SubgraphReply>;
}

/** An error beside merged data. */
export interface FetchError {
  readonly message: string;
  /** Place in the merged data, by the keys that were sent. Absent when all of the operation failed. */
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** What the subgraphs gave for one operation, merged and not yet shaped: it may hold more than was asked for, and less. */
export interface Fetched {
  /**
   * Null when the root fetches gave nothing at all. To be read only, and changed by nobody any more: one object may stand in several places of it, and parts may
   * stand in the data of other operations too.
   */
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly FetchError[];
}
