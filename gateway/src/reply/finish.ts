import { hash } from 'node:crypto';
import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse, GraphQLRequestListener } from '@apollo/server';
import type { Answer } from '../operation.ts';
import type { GraphContext } from './context.ts';
import { type SettleBase, settle, statusOfRefusal } from './settle.ts';

/** What has become of a request so far. */
export interface Progress {
  answer: Answer | null;
}

// On the context itself: a weak map keeps what is young alive until the next great collection of garbage.
const PROGRESS = Symbol('progress');

/** The progress of the request that a context belongs to. */
export function progressOf(context: object): Progress {
  const holder = context as { [PROGRESS]?: Progress };
  holder[PROGRESS] ??= { answer: null };
  return holder[PROGRESS];
}

type Response = GraphQLRequestContextWillSendResponse<GraphContext>;

/** Settles what Apollo Server answers. The status follows from the error's code. */
export function finish(deps: SettleBase): ApolloServerPlugin<GraphContext> {
  return {
    async requestDidStart({ request }): Promise<GraphQLRequestListener<GraphContext>> {
      const began = performance.now();
      const at = deps.now();
      // An empty name is no name.
      if (request.operationName === '') request.operationName = undefined;
      return { willSendResponse: (response) => finished(deps, response, at, began) };
    },
  };
}

async function finished(deps: SettleBase, response: Response, at: Date, began: number): Promise<void> {
  const { body, http } = response.response;
  if (body.kind !== 'single') throw new Error('answers in parts are not supported');
  const { singleResult } = body;
  const { principal, requestId } = response.contextValue;
  const { errors, audited } = await settle(deps, {
    principal,
    requestId,
    at,
    began,
    operationName: response.operationName ?? null,
    // Apollo's is the same, in hexadecimal; it is not there for what was no text at all.
    operationHash: response.queryHash ? Buffer.from(response.queryHash, 'hex').toString('base64url') : hash('sha256', '', 'base64url'),
    isMutation: response.operation?.operation === 'mutation',
    answer: progressOf(response.contextValue).answer,
    hasData: singleResult.data !== undefined,
    errors: singleResult.errors ?? [],
  });
  if (!audited) {
    body.singleResult = { errors };
    http.status = 503;
    return;
  }
  singleResult.errors = errors.length > 0 ? errors : undefined;
  if (singleResult.data === undefined) http.status = statusFor(response);
}

function statusFor(response: Response): number {
  const { http, body } = response.response;
  if (http.status === 405 || http.status === 406 || http.status === 415) return http.status;
  const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
  return statusOfRefusal(errors, response.request.http?.headers.get('accept'), response.source !== undefined);
}
