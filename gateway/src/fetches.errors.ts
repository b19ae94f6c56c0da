import { ERROR_CODES, type ErrorCode } from '@commonweal/schema';
import type { SubgraphError } from './execute/types.ts';
import type { Metrics } from './graph.metrics.ts';
import { SENTENCES } from './reply/errors.ts';
import type { Log } from './reply/log.ts';

/** Where errors of registries are noted, and by which request. */
export interface ErrorNotes {
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'tripwire'>;
  readonly requestId: string;
  /** A registry decided by other policies than the gateway. */
  readonly onPolicyChanged: () => void;
}

/** What may be told of an error of a registry: a code of the closed list with its sentence. Of anything else nothing is told, but the log knows of it. */
export function told(error: SubgraphError, subgraph: string, { log, metrics, requestId, onPolicyChanged }: ErrorNotes): SubgraphError {
  const code = error.extensions?.code;
  const path = error.path && { path: error.path };
  if (code === 'POLICY_CHANGED') onPolicyChanged();
  if (code === 'FORBIDDEN_FIELD') {
    // The gateway cuts refused fields out: a registry that had to refuse one was asked by mistake.
    metrics.tripwire(subgraph);
    log.error({ subgraph, requestId, path: error.path }, 'tripwire: a subgraph was asked for a field that may not be seen');
    return { message: SENTENCES.INTERNAL, ...path, extensions: { code: 'INTERNAL', requestId } };
  }
  if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code)) {
    log.error({ subgraph, requestId, path: error.path, code }, 'a subgraph answered with an error that is not on the list');
    return { message: SENTENCES.INTERNAL, ...path, extensions: { code: 'INTERNAL', requestId } };
  }
  const known = code as ErrorCode;
  if (known === 'INTERNAL' || known === 'UNAVAILABLE')
    return { message: SENTENCES[known], ...path, extensions: { code: known, ...(known === 'INTERNAL' ? { requestId } : {}) } };
  return { message: error.message, ...path, extensions: { ...plain(error.extensions ?? {}), code: known } };
}

/** Details that an ApiError of ours may carry: words and numbers. Whatever a server puts beside them stays inside. */
const plain = (extensions: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(extensions).filter(
      ([k, v]) => ['string', 'number', 'boolean'].includes(typeof v) && !/^(serviceName|stacktrace|exception|http)$/.test(k),
    ),
  );
