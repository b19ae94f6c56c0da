/**
 * What a query plan comes down to: calls to subgraphs, one after another or side by side. Made once for an operation under certain conditions and never changed,
 * so that any number of requests may run it at once. Response keys are those of `Supergraph.sentKey`, which the shaping of the answer turns into the client's own.
 */
export type Step = Fetch | Sequence | Parallel;

/** Steps of which each begins when the one before it has ended, whether it succeeded or not. */
export interface Sequence {
  readonly kind: 'sequence';
  readonly steps: readonly Step[];
}

/** Steps that do not wait for each other. */
export interface Parallel {
  readonly kind: 'parallel';
  readonly steps: readonly Step[];
}

/** One call to one subgraph. */
export interface Fetch {
  readonly kind: 'fetch';
  readonly subgraph: string;
  readonly operation: 'query' | 'mutation';
  /** The document that is sent: fixed, and without a name, so that equal fetches have equal texts. */
  readonly text: string;
  /** Variables of the client's operation that the text uses, under the client's names. */
  readonly variables: readonly string[];
  /** Where the objects stand that the answer is merged into: response keys, and `@` for the elements of a list. Empty: the root. */
  readonly at: readonly string[];
  /** What is asked for by key; null when the text selects from a root type. */
  readonly entities: readonly EntityGroup[] | null;
  /** Changes to what came back, before it is merged. Empty for entity fetches, whose groups have their own. */
  readonly output: readonly Rewrite[];
}

/** One `_entities` of a fetch. There is one, but where representations of one object would contradict each other. */
export interface EntityGroup {
  /** Variable that holds the representations. */
  readonly variable: string;
  /** Response key of the `_entities` field. */
  readonly key: string;
  /** What each representation is made of, read from the object at `Fetch.at`. */
  readonly requires: readonly Requirement[];
  /** Changes to a representation before it is sent. */
  readonly input: readonly Rewrite[];
  /** Changes to an entity that came back, before it is merged. */
  readonly output: readonly Rewrite[];
}

/**
 * A part of a representation. A required field that the object has no value for (null is a value) voids what holds it: directly in `requires` there is no
 * representation, in a fragment the fragment adds nothing, below a field that field is null. A representation without a `__typename` is not sent.
 */
export type Requirement =
  | {
      readonly kind: 'field';
      /** Key under which the object has it, and under which it is sent. */
      readonly key: string;
      /** Null for a leaf. */
      readonly selections: readonly Requirement[] | null;
    }
  | {
      readonly kind: 'fragment';
      /** Values of `__typename` that it is for (an interface's own name is among them: interface objects have it); null: whatever the object is. */
      readonly types: ReadonlySet<string> | null;
      readonly selections: readonly Requirement[];
    };

/** A change to an object at a path: a key set to a value, or renamed, whatever its value is (the value of a key that is absent stays absent). In their order. */
export type Rewrite =
  | { readonly kind: 'set'; readonly path: readonly RewriteStep[]; readonly key: string; readonly value: unknown }
  | { readonly kind: 'rename'; readonly path: readonly RewriteStep[]; readonly key: string; readonly to: string };

/** A step on the way to an object: a key (through lists, of each element), or a condition on the type of the object, which holds too where its type is not known. */
export type RewriteStep = { readonly key: string } | { readonly types: ReadonlySet<string> };
