/** How an operation ended: answered, refused before it ran, or failed through a fault of ours or of a registry. */
export type Outcome = 'OK' | 'REFUSED' | 'FAILED';
/** How one call to a subgraph ended. */
export type FetchOutcome = 'OK' | 'ERROR' | 'TIMEOUT' | 'UNAVAILABLE';

/** What the graph counts. Names of operations come from clients: whoever keeps them must bound their number. */
export interface Metrics {
  operation(name: string | null, outcome: Outcome, seconds: number): void;
  fetch(subgraph: string, outcome: FetchOutcome, seconds: number): void;
  /** A call to a subgraph that no byte of an answer came to, and that was sent again; or one that was not sent, since an identical one was under way. */
  repeated(subgraph: string, how: 'RETRIED' | 'JOINED'): void;
  /** A field was asked for and refused. */
  denied(coordinate: string, consumerKind: string): void;
  /** A field that may not be seen came further than it ever should. Must stay 0; any count is an alarm. */
  tripwire(where: string): void;
  /** Time an answer waited for its audit record to be on disk. */
  audit(outcome: 'OK' | 'FAILED', seconds: number): void;
}

/** Counts nothing. */
export const NO_METRICS: Metrics = { operation() {}, fetch() {}, repeated() {}, denied() {}, tripwire() {}, audit() {} };
