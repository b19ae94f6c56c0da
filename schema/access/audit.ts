/** What a subgraph reports of one fetch, beside the data: whose rows and which fields it gave. Internal ids; never part of an answer. */
export interface FetchReport {
  readonly subgraph: string;
  /** Internal ids of the persons whose rows were given. */
  readonly persons: readonly string[];
  /** Coordinates of which a value was selected. */
  readonly fields: readonly string[];
  /** Rows given, and withheld where that is known, by reason. */
  readonly rows: number;
  readonly withheld: Readonly<Record<string, number>>;
  /** HMAC of identifiers that were searched for, base64url. */
  readonly searched: readonly string[];
  /** SQL statements sent, without begin, commit and settings. */
  readonly statements: number;
}

/** One record for each operation: who asked what, for what purpose, about whom; no values. */
export interface AuditRecord {
  /** uuid. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly requestId: string;
  readonly consumer: string;
  readonly user: string;
  /** Internal id of the person on whose behalf, or null. */
  readonly onBehalfOf: string | null;
  readonly purpose: string;
  readonly lawfulBasis: string | null;
  readonly agreements: readonly string[];
  readonly operationName: string | null;
  /** SHA-256 of the operation's text, base64url. */
  readonly operationHash: string;
  readonly epoch: number;
  /** Digest of the decision, hexadecimal. */
  readonly digest: string;
  readonly reports: readonly FetchReport[];
  /** Errors told, by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Coordinates that were asked for and refused. */
  readonly denied: readonly string[];
  readonly outcome: 'OK' | 'REFUSED' | 'FAILED';
}
