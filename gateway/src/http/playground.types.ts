/** A purpose that a persona may state, with a token for it. */
export interface PlaygroundPurpose {
  readonly purpose: string;
  /** HIDE: what may not be seen does not exist. DENY: it is null, with an error that says so. */
  readonly disclosure: 'HIDE' | 'DENY';
  readonly lawfulBasis: string;
  /** Null for the caller without a token. */
  readonly token: string | null;
}

/** Somebody to try the local system as. */
export interface PlaygroundPersona {
  readonly name: string;
  readonly title: string;
  /** Name of the organization that the persona works for. */
  readonly organization: string;
  /** The first is taken unless another is asked for. */
  readonly purposes: readonly PlaygroundPurpose[];
}

/** What only a local system gives the playground. It hands out tokens, so it does not exist in production. */
export interface PlaygroundHelp {
  /** The personas, each time with tokens that are valid from now. */
  personas(): Promise<readonly PlaygroundPersona[]>;
  /** Values for the placeholders of the example queries, by name: `{ surname: "..." }` stands in for `<surname>`. */
  examples(): Promise<Readonly<Record<string, string>>>;
}
