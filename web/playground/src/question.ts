/** An example query, as the playground's menu offers it. */
export interface Question {
  /** Name of the operation. */
  readonly name: string;
  /** The question in words: the first line of the comment. */
  readonly title: string;
  /** What the answer shows: the rest of the comment. */
  readonly about: string;
  /** Names of the personas that it is for. */
  readonly personas: readonly string[];
  /** Purpose to state; null where the persona's own first one will do. */
  readonly purpose: string | null;
  /** The operation below its comment. */
  readonly query: string;
  /** JSON of the variables, with placeholders such as `<household>`; empty when it takes none. */
  readonly variables: string;
}
