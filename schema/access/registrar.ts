import type { AuditRecord } from './audit.ts';
import type { RegisteredOperations } from './operations.ts';
import type { PolicySnapshot } from './policy.ts';

/**
 * What the gateway and the other subgraphs need of the consent registry besides the graph. In one process a plain object;
 * between processes the same calls over HTTP: `POST /internal/<method>` with a JSON body and a hop token over that body
 * in the header `x-commonweal-hop` (its principal is `SYSTEM`).
 */
export interface Registrar {
  /** The sharing policies as published now, or null when the epoch is still `knownEpoch`. */
  policies(knownEpoch: number | null): Promise<PolicySnapshot | null>;
  /** Writes records durably; resolves when they are on disk. Rejects when the seal lags or the database does not answer: then nothing may be answered. */
  audit(records: readonly AuditRecord[]): Promise<void>;
}

/** What the gateway needs besides: the operations that consumers have registered. */
export interface OperationSource {
  /** The registered operations as they are now, or null when their epoch is still `knownEpoch`. */
  operations(knownEpoch: number | null): Promise<RegisteredOperations | null>;
}

/** Header that carries the hop token. */
export const HOP_HEADER = 'x-commonweal-hop';

/** A request to a subgraph, in one process or over HTTP. */
export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  /** The hop token. */
  readonly hop: string;
}

/** The answer of a subgraph. `extensions.report` is a FetchReport for the audit record. */
export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: readonly (string | number)[]; extensions?: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}

/** A subgraph as the gateway calls it. `signal` aborts the work. */
export interface SubgraphTransport {
  fetch(request: SubgraphRequest, signal?: AbortSignal): Promise<SubgraphAnswer>;
}
