import type { Principal } from '@commonweal/schema';
import { ANONYMOUS } from '@commonweal/schema';
import type { GraphQLFormattedError } from 'graphql';
import type { Metrics, Outcome } from '../graph.metrics.ts';
import type { Answer, RunBase } from '../operation.ts';
import { auditRecord, type WriteAudit } from './audit.ts';
import { codeOf, statusOf } from './errors.ts';
import type { Log } from './log.ts';

/** What settling an answer takes. */
export interface SettleBase {
  readonly write: WriteAudit;
  readonly base: Pick<RunBase, 'policies' | 'decisions'>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => Date;
}

/** A request whose answer is ready and has not left, whichever way it came. */
export interface Ready {
  readonly principal: Principal;
  readonly requestId: string;
  /** When it was begun: for the record, and by the clock of `performance`. */
  readonly at: Date;
  readonly began: number;
  readonly operationName: string | null;
  /** SHA-256 of the operation's text, base64url. */
  readonly operationHash: string;
  readonly isMutation: boolean;
  /** What running it gave; null when it was refused before. */
  readonly answer: Answer | null;
  readonly hasData: boolean;
  readonly errors: readonly GraphQLFormattedError[];
}

/** What may leave. */
export interface Settled {
  readonly errors: readonly GraphQLFormattedError[];
  /** False when the record could not be written: then the errors take the place of the answer, and the status is 503. */
  readonly audited: boolean;
}

/** The last step of every request, also of one that is no GraphQL: its audit record is on disk before anything leaves. */
export async function settle(deps: SettleBase, ready: Ready): Promise<Settled> {
  const { requestId, operationName } = ready;
  const seconds = () => (performance.now() - ready.began) / 1000;
  const errors = ready.errors.map((e) => withRequestId(e, requestId));
  const outcome = outcomeOf(ready.hasData, errors);
  try {
    await audit(deps, ready, errors, outcome);
  } catch (error) {
    deps.log.error({ err: error, requestId }, 'an audit record could not be written; the answer is not sent');
    const wrote = ready.isMutation && (ready.answer?.fetches ?? 0) > 0;
    const message = wrote
      ? 'The answer cannot be given now. The write may have been done: send it again with the same key.'
      : 'The answer cannot be given now. Try again later.';
    deps.metrics.operation(operationName, 'FAILED', seconds());
    return { errors: [{ message, extensions: { code: 'UNAVAILABLE', requestId } }], audited: false };
  }
  deps.metrics.operation(operationName, outcome, seconds());
  return { errors, audited: true };
}

async function audit(deps: SettleBase, ready: Ready, errors: readonly GraphQLFormattedError[], outcome: Outcome): Promise<void> {
  const { principal, answer } = ready;
  const snapshot = deps.base.policies.current();
  const decision = answer?.decision ?? (snapshot && deps.base.decisions.decide(snapshot, principal));
  for (const coordinate of answer?.denied ?? []) deps.metrics.denied(coordinate, decision?.kind ?? 'anonymous');
  // What nobody in particular asked, and what fetched nothing, concerns no person: it would only let strangers fill the log.
  if (principal.consumer === ANONYMOUS.consumer && (answer?.fetches ?? 0) === 0) return;
  await deps.write(
    auditRecord({
      at: ready.at,
      requestId: ready.requestId,
      principal,
      decision: decision ?? null,
      operationName: ready.operationName,
      operationHash: ready.operationHash,
      reports: answer?.reports ?? [],
      codes: errors.map(codeOf),
      denied: answer?.denied ?? [],
      outcome,
    }),
  );
}

const withRequestId = (e: GraphQLFormattedError, requestId: string): GraphQLFormattedError =>
  codeOf(e) === 'INTERNAL' ? { ...e, extensions: { ...e.extensions, code: 'INTERNAL', requestId } } : e;

const FAILURES = new Set(['INTERNAL', 'UNAVAILABLE', 'TIMEOUT', 'POLICY_CHANGED']);

function outcomeOf(hasData: boolean, errors: readonly GraphQLFormattedError[]): Outcome {
  if (errors.some((e) => FAILURES.has(codeOf(e)))) return 'FAILED';
  return hasData ? 'OK' : 'REFUSED';
}

/** Faults of a document, for which the GraphQL-over-HTTP draft wants 200 where a client takes nothing but plain JSON. */
const OF_THE_DOCUMENT = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE', 'BAD_USER_INPUT']);

/** HTTP status of an answer without data. `isOperation`: it was a well-formed request for an operation, whatever became of it. */
export function statusOfRefusal(errors: readonly GraphQLFormattedError[], accept: string | undefined, isOperation: boolean): number {
  return isOperation && takesOnlyJson(accept ?? '') && errors.every((e) => OF_THE_DOCUMENT.has(codeOf(e))) ? 200 : statusOf(errors);
}

const takesOnlyJson = (accept: string) => /application\/json/.test(accept) && !/graphql-response\+json|\*\/\*/.test(accept);
