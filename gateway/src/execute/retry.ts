import type { CallObserver } from './observe.ts';
import { CallError } from './transport.fault.ts';
import type { SubgraphCall } from './types.ts';

/**
 * Makes an attempt at a call, and a second one when that is safe: a query, of which no byte of an answer came, for which somebody still waits. A mutation is
 * never sent twice: the first may have been done.
 */
export async function retried<T>(
  call: Pick<SubgraphCall, 'subgraph' | 'operation'>,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  observer?: Pick<CallObserver, 'retried'>,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (call.operation !== 'query' || signal.aborted || !(error instanceof CallError && error.isUnanswered)) throw error;
    observer?.retried(call.subgraph);
    return attempt();
  }
}
