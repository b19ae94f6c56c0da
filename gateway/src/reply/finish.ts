import { createHash } from 'node:crypto';
import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse, GraphQLRequestListener } from '@apollo/server';
import { ANONYMOUS } from '@commonweal/schema';
import type { GraphQLFormattedError } from 'graphql';
import type { Metrics, Outcome } from '../graph.metrics.ts';
import type { Answer, RunBase } from '../operation.ts';
import { auditRecord, type WriteAudit } from './audit.ts';
import type { GraphContext } from './context.ts';
import { codeOf, statusOf } from './errors.ts';
import type { Log } from './log.ts';

/** What has become of a request so far. */
export interface Progress {
  answer: Answer | null;
}

const progress = new WeakMap<object, Progress>();

/** The progress of the request that a context belongs to. */
export function progressOf(context: object): Progress {
  const known = progress.get(context);
  if (known) return known;
  const begun: Progress = { answer: null };
  progress.set(context, begun);
  return begun;
}

/** What finishing a request takes. */
export interface FinishBase {
  readonly write: WriteAudit;
  readonly base: Pick<RunBase, 'policies' | 'decisions'>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => Date;
}

type Response = GraphQLRequestContextWillSendResponse<GraphContext>;

/** The last step of every request, also of one that is no GraphQL: its audit record is on disk before anything leaves, and the status follows from the error's code. */
export function finish(deps: FinishBase): ApolloServerPlugin<GraphContext> {
  return {
    async requestDidStart({ request }): Promise<GraphQLRequestListener<GraphContext>> {
      const began = performance.now();
      const at = deps.now();
      // An empty name is no name.
      if (request.operationName === '') request.operationName = undefined;
      return { willSendResponse: (response) => settle(deps, response, at, began) };
    },
  };
}

async function settle(deps: FinishBase, response: Response, at: Date, began: number): Promise<void> {
  const { body, http } = response.response;
  if (body.kind !== 'single') throw new Error('answers in parts are not supported');
  const { singleResult } = body;
  const { requestId } = response.contextValue;
  const errors = singleResult.errors?.map((e) => withRequestId(e, requestId)) ?? [];
  singleResult.errors = errors.length > 0 ? errors : undefined;
  if (singleResult.data === undefined) http.status = statusFor(response, errors);
  const outcome = outcomeOf(singleResult.data !== undefined, errors);
  const name = response.operationName ?? null;
  try {
    await audited(deps, response, at, errors, outcome);
  } catch (error) {
    deps.log.error({ err: error, requestId }, 'an audit record could not be written; the answer is not sent');
    const wrote = response.operation?.operation === 'mutation' && (progressOf(response.contextValue).answer?.fetches ?? 0) > 0;
    const message = wrote
      ? 'The answer cannot be given now. The write may have been done: send it again with the same key.'
      : 'The answer cannot be given now. Try again later.';
    body.singleResult = { errors: [{ message, extensions: { code: 'UNAVAILABLE', requestId } }] };
    http.status = 503;
    deps.metrics.operation(name, 'FAILED', (performance.now() - began) / 1000);
    return;
  }
  deps.metrics.operation(name, outcome, (performance.now() - began) / 1000);
}

async function audited(
  deps: FinishBase,
  response: Response,
  at: Date,
  errors: readonly GraphQLFormattedError[],
  outcome: Outcome,
): Promise<void> {
  const { principal, requestId } = response.contextValue;
  const { answer } = progressOf(response.contextValue);
  const snapshot = deps.base.policies.current();
  const decision = answer?.decision ?? (snapshot && deps.base.decisions.decide(snapshot, principal));
  for (const coordinate of answer?.denied ?? []) deps.metrics.denied(coordinate, decision?.kind ?? 'anonymous');
  // What nobody in particular asked, and what fetched nothing, concerns no person: it would only let strangers fill the log.
  if (principal.consumer === ANONYMOUS.consumer && (answer?.fetches ?? 0) === 0) return;
  await deps.write(
    auditRecord({
      at,
      requestId,
      principal,
      decision: decision ?? null,
      operationName: response.operationName ?? null,
      operationHash: createHash('sha256')
        .update(response.source ?? '')
        .digest('base64url'),
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

function statusFor(response: Response, errors: readonly GraphQLFormattedError[]): number {
  const preset = response.response.http.status;
  if (preset === 405 || preset === 406 || preset === 415) return preset;
  const accepts = response.request.http?.headers.get('accept') ?? '';
  const onlyJson = /application\/json/.test(accepts) && !/graphql-response\+json|\*\/\*/.test(accepts);
  return onlyJson && response.source !== undefined && errors.every((e) => OF_THE_DOCUMENT.has(codeOf(e))) ? 200 : statusOf(errors);
}
