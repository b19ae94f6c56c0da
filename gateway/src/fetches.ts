import { randomUUID } from 'node:crypto';
import {
  type Decision,
  ERROR_CODES,
  type ErrorCode,
  type FetchReport,
  HOP_LIFETIME,
  hopKey,
  queryHash,
  type SubgraphAnswer,
  type SubgraphName,
  type SubgraphTransport,
  signHop,
} from '@commonweal/schema';
import type { FetchOutcome, Metrics } from './graph.metrics.ts';
import { SENTENCES } from './reply/errors.ts';
import type { Log } from './reply/log.ts';
import type { Fetcher } from './stock/engine.ts';

/** What all fetches share. */
export interface FetchBase {
  readonly transports: Readonly<Record<SubgraphName, SubgraphTransport>>;
  readonly hopSecret: Buffer;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => Date;
}

/** The calls of one operation to subgraphs: signed, timed, cut off at a deadline, and reported for the audit record. */
export interface Fetches extends Fetcher {
  readonly reports: readonly FetchReport[];
  /** Number of calls sent. */
  readonly sent: number;
  /** Whether a subgraph decided by other policies than the gateway. */
  readonly policyChanged: boolean;
}

/** Opens the calls of one operation. `signal` aborts them: the deadline, or the client hanging up. */
export type OpenFetches = (decision: Decision, requestId: string, signal: AbortSignal) => Fetches;

/** Keys of hops are derived once; nothing of a request is kept from one operation to the next. */
export function fetchesOver(base: FetchBase): OpenFetches {
  const keys = new Map(Object.keys(base.transports).map((name) => [name, hopKey(base.hopSecret, name)]));

  return (decision, requestId, signal) => {
    const reports: FetchReport[] = [];
    const state = { sent: 0, policyChanged: false };

    async function fetch(
      subgraph: SubgraphName,
      query: string,
      variables: Readonly<Record<string, unknown>>,
      operationName: string | undefined,
    ): Promise<SubgraphAnswer> {
      const began = performance.now();
      const done = (outcome: FetchOutcome) => base.metrics.fetch(subgraph, outcome, (performance.now() - began) / 1000);
      const key = keys.get(subgraph);
      if (!key) throw new Error(`no subgraph ${subgraph}`);
      if (signal.aborted) return failed('TIMEOUT');
      state.sent += 1;
      const hop = signHop(key, {
        audience: subgraph,
        expires: Math.floor(base.now().getTime() / 1000) + HOP_LIFETIME,
        id: randomUUID(),
        queryHash: queryHash(query),
        principal: decision.principal,
        epoch: decision.epoch,
        digest: decision.digest,
        requestId,
        operation: /^\s*mutation\b/.test(query) ? 'mutation' : 'query',
      });
      try {
        const answer = await untilAborted(base.transports[subgraph].fetch({ query, variables, operationName, hop }, signal), signal);
        const report = answer.extensions?.report as FetchReport | undefined;
        if (report) reports.push(report);
        done(answer.errors?.length ? 'ERROR' : 'OK');
        return { data: answer.data, errors: answer.errors?.map((e) => told(e, subgraph)) };
      } catch (error) {
        const code = signal.aborted ? 'TIMEOUT' : 'UNAVAILABLE';
        base.log.warn({ err: error, subgraph, requestId, code }, 'a subgraph gave no answer');
        done(code);
        return failed(code);
      }
    }

    type SubgraphError = NonNullable<SubgraphAnswer['errors']>[number];
    /** Keeps what carries a code of the list; of anything else nothing is told. */
    function told(error: SubgraphError, subgraph: string): SubgraphError {
      const code = error.extensions?.code;
      const path = error.path && { path: error.path };
      if (code === 'POLICY_CHANGED') state.policyChanged = true;
      if (code === 'FORBIDDEN_FIELD') {
        // The gateway cuts refused fields out: a subgraph that had to refuse one was asked by mistake.
        base.metrics.tripwire(subgraph);
        base.log.error({ subgraph, requestId, path: error.path }, 'tripwire: a subgraph was asked for a field that may not be seen');
        return { message: SENTENCES.INTERNAL, ...path, extensions: { code: 'INTERNAL', requestId } };
      }
      if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code)) {
        base.log.error({ subgraph, requestId, path: error.path, code }, 'a subgraph answered with an error that is not on the list');
        return { message: SENTENCES.INTERNAL, ...path, extensions: { code: 'INTERNAL', requestId } };
      }
      const known = code as ErrorCode;
      if (known === 'INTERNAL' || known === 'UNAVAILABLE')
        return { message: SENTENCES[known], ...path, extensions: { code: known, ...(known === 'INTERNAL' ? { requestId } : {}) } };
      return { message: error.message, ...path, extensions: { ...plain(error.extensions ?? {}), code: known } };
    }

    return {
      fetch,
      reports,
      get sent() {
        return state.sent;
      },
      get policyChanged() {
        return state.policyChanged;
      },
    };
  };
}

const failed = (code: 'TIMEOUT' | 'UNAVAILABLE'): SubgraphAnswer => ({
  data: null,
  errors: [{ message: SENTENCES[code], extensions: { code } }],
});

/** Details that an ApiError of ours may carry: words and numbers. Whatever a server puts beside them stays inside. */
const plain = (extensions: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(extensions).filter(
      ([k, v]) => ['string', 'number', 'boolean'].includes(typeof v) && !/^(serviceName|stacktrace|exception|http)$/.test(k),
    ),
  );

/** Waits for work, but not longer than until the signal; a transport that does not listen to it is left behind. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('aborted'));
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
