/**
 * Why a call to a subgraph brought no answer. A closed list:
 * - `UNREACHABLE`: no connection, or it broke before the answer began
 * - `BROKEN_OFF`: the connection broke within the answer
 * - `TIMEOUT`: no answer in time
 * - `ABORTED`: nobody waits for the answer any more
 * - `BUSY`: too many calls wait for this subgraph already
 * - `TOO_LARGE`: the answer is larger than it may be
 * - `NOT_GRAPHQL`: something answered, and not with GraphQL
 */
export type CallFault = 'UNREACHABLE' | 'BROKEN_OFF' | 'TIMEOUT' | 'ABORTED' | 'BUSY' | 'TOO_LARGE' | 'NOT_GRAPHQL';

/** A call that brought no answer. Its message is for logs: it may tell what a subgraph's server said, in part. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly fault: CallFault;
  /** No byte of an answer had come, so that a query may be sent again. */
  readonly isUnanswered: boolean;

  constructor(fault: CallFault, message: string, more: { isUnanswered?: boolean; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.fault = fault;
    this.isUnanswered = more.isUnanswered ?? false;
  }
}

/** The fault of whatever a call was rejected with: what is no `CallError` comes from a transport that does not say. */
export const faultOf = (error: unknown): CallFault => (error instanceof CallError ? error.fault : 'UNREACHABLE');
