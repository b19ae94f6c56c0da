import { randomUUID } from 'node:crypto';
import {
  type Decision,
  type FetchReport,
  HOP_LIFETIME,
  type Hop,
  hopKey,
  queryHash,
  type SubgraphName,
  type SubgraphTransport,
  signHop,
} from '@commonweal/schema';
import { untilAborted } from './execute/deadline.ts';
import { type CallOutcome, inFetchSpan, observed } from './execute/observe.ts';
import { retried } from './execute/retry.ts';
import { Sharing, shareInFlight } from './execute/sharing.ts';
import { faultOf } from './execute/transport.fault.ts';
import type { Caller, SubgraphCall, SubgraphReply } from './execute/types.ts';
import { type ErrorNotes, told } from './fetches.errors.ts';
import type { FetchOutcome, Metrics } from './graph.metrics.ts';
import { Lru } from './lru.ts';
import { SENTENCES } from './reply/errors.ts';
import type { Log } from './reply/log.ts';

/** What all calls to registries share. */
export interface FetchBase {
  readonly transports: Readonly<Record<SubgraphName, SubgraphTransport>>;
  readonly hopSecret: Buffer;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => Date;
}

/** What is known of the calls of one operation. */
export interface Sent {
  /** What the registries say they read, for the audit record: one report for each call, also for one whose answer is shared. */
  readonly reports: readonly FetchReport[];
  /** Number of calls whose answer was waited for. */
  readonly sent: number;
  /** Whether a registry decided by other policies than the gateway. */
  readonly policyChanged: boolean;
}

/** The way to the registries for one operation. Never rejects: a registry that gives no answer is an answer with an error that may be told. */
export interface RegistryCaller extends Caller, Sent {}

/** What a registry is told of a decision, to make the same one. */
export type Decided = Pick<Decision, 'principal' | 'epoch' | 'digest'>;

/** For whom, and for which request, registries are called. */
export interface Calling {
  readonly decision: Decided;
  readonly requestId: string;
  /**
   * Whether the operation asks for somebody's data. Then every call is sent: what an earlier one read may be older than a withdrawal of consent, which has to
   * hold from the moment it is answered, in whichever process.
   */
  readonly isPersonal: boolean;
}

/** Opens the calls of one operation. */
export type OpenCaller = (calling: Calling) => RegistryCaller;

/** Characters of query texts whose hashes are remembered. */
const MOST_TEXT = 4_000_000;

/** Opens the way to the registries: calls are signed, each with an id of its own, counted, and sent once more where that is safe. */
export function callersOver(base: FetchBase): OpenCaller {
  const { metrics } = base;
  const keys = new Map(Object.keys(base.transports).map((name) => [name, hopKey(base.hopSecret, name)]));
  const hashes = new Lru<string>(MOST_TEXT);
  const sharing = new Sharing();
  const observer = {
    ended: (subgraph: string, outcome: CallOutcome, seconds: number) => metrics.fetch(subgraph, COUNTED_AS[outcome], seconds),
    retried: (subgraph: string) => metrics.repeated(subgraph, 'RETRIED'),
    joined: (subgraph: string) => metrics.repeated(subgraph, 'JOINED'),
  };

  function hashOf(query: string): string {
    const known = hashes.get(query);
    if (known) return known;
    const hash = queryHash(query);
    hashes.set(query, hash, query.length);
    return hash;
  }

  /** Signs for one attempt: a registry refuses an id that it has seen. */
  function hopOf({ decision, requestId }: Calling, { subgraph, query, operation }: SubgraphCall): string {
    const key = keys.get(subgraph);
    if (!key) throw new Error(`no subgraph ${subgraph}`);
    const hop: Hop = {
      audience: subgraph,
      expires: Math.floor(base.now().getTime() / 1000) + HOP_LIFETIME,
      id: randomUUID(),
      queryHash: hashOf(query),
      principal: decision.principal,
      epoch: decision.epoch,
      digest: decision.digest,
      requestId,
      operation,
    };
    return signHop(key, hop);
  }

  /** Calls that are signed, counted and shared, on behalf of one operation. */
  function wayFor(calling: Calling): Caller {
    const signed: Caller = {
      key: calling.isPersonal ? null : keyOf(calling.decision),
      call: (call, signal) =>
        retried(
          call,
          signal,
          () => {
            const request = { query: call.query, variables: call.variables, hop: hopOf(calling, call) };
            // A transport that does not listen to the signal is left behind.
            return inFetchSpan(call, () => untilAborted(base.transports[call.subgraph as SubgraphName].fetch(request, signal), signal));
          },
          observer,
        ),
    };
    return shareInFlight(observed(signed, observer), sharing, observer);
  }

  return (calling) => new Calls(base, calling, wayFor(calling));
}

/**
 * The calls of one operation. A class, since an object with getters of its own gets a hidden class of its own, which keeps it and all that it knows alive until
 * the next great collection of garbage.
 */
class Calls implements RegistryCaller {
  readonly key: string | null;
  readonly reports: FetchReport[] = [];
  sent = 0;
  policyChanged = false;
  readonly #base: FetchBase;
  readonly #way: Caller;
  readonly #notes: ErrorNotes;

  constructor(base: FetchBase, { requestId }: Calling, way: Caller) {
    this.key = way.key;
    this.#base = base;
    this.#way = way;
    this.#notes = {
      log: base.log,
      metrics: base.metrics,
      requestId,
      onPolicyChanged: () => {
        this.policyChanged = true;
      },
    };
  }

  async call(call: SubgraphCall, signal: AbortSignal): Promise<SubgraphReply> {
    const { subgraph } = call;
    if (signal.aborted) return failed('TIMEOUT');
    this.sent += 1;
    try {
      const reply = await this.#way.call(call, signal);
      const report = reply.extensions?.report as FetchReport | undefined;
      if (report) this.reports.push(report);
      return { data: reply.data, errors: reply.errors?.map((e) => told(e, subgraph, this.#notes)), shared: reply.shared };
    } catch (error) {
      const code = signal.aborted || COUNTED_AS[faultOf(error)] === 'TIMEOUT' ? 'TIMEOUT' : 'UNAVAILABLE';
      this.#base.log.warn({ err: error, subgraph, requestId: this.#notes.requestId, code }, 'a subgraph gave no answer');
      return failed(code);
    }
  }
}

/** All that a registry decides by: who asks, and what was decided under which policies. Two callers with the same would be given the same. */
const keyOf = ({ epoch, digest, principal }: Decided): string => JSON.stringify([epoch, digest, principal]);

const COUNTED_AS: Readonly<Record<CallOutcome, FetchOutcome>> = {
  OK: 'OK',
  ERROR: 'ERROR',
  TIMEOUT: 'TIMEOUT',
  ABORTED: 'TIMEOUT',
  UNREACHABLE: 'UNAVAILABLE',
  BROKEN_OFF: 'UNAVAILABLE',
  BUSY: 'UNAVAILABLE',
  TOO_LARGE: 'UNAVAILABLE',
  NOT_GRAPHQL: 'UNAVAILABLE',
};

const failed = (code: 'TIMEOUT' | 'UNAVAILABLE'): SubgraphReply => ({
  data: null,
  errors: [{ message: SENTENCES[code], extensions: { code } }],
});
