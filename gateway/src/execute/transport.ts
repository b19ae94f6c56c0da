import { type CallObserver, inFetchSpan, observed } from './observe.ts';
import { retried } from './retry.ts';
import { type Sharing, shareInFlight } from './sharing.ts';
import { CallError } from './transport.fault.ts';
import type { Caller, SubgraphCall, SubgraphReply } from './types.ts';

/** The way to one subgraph: behind HTTP, or in this process. */
export interface Transport {
  /**
   * Sends a call and gives the answer as the subgraph gave it, errors included. Rejects with a `CallError` when there is none. `headers` go with this call
   * alone; a transport in the process hands them to the subgraph's context.
   */
  send(call: SubgraphCall, signal: AbortSignal, headers?: Headers): Promise<SubgraphReply>;
  /** Lets calls that were sent end, then closes what it holds open. */
  close(): Promise<void>;
}

/** Headers of a call: lower-case names. */
export type Headers = Readonly<Record<string, string>>;

/** What the calls of all operations have in common. */
export interface WayOptions {
  readonly transports: Readonly<Record<string, Transport>>;
  /** Where calls under way are found; absent: none is shared. */
  readonly sharing?: Sharing | undefined;
  readonly observer?: CallObserver | undefined;
}

/** The calls of one operation. */
export interface CallerOptions {
  /** See `Caller.key`. */
  readonly key: string | null;
  /** Headers of each attempt at a call: made anew for a second one, so that a token that holds once is signed twice. */
  readonly headers?: ((call: SubgraphCall) => Headers) | undefined;
}

/** Opens the way to the subgraphs, once for a process; what it gives makes the `Caller` of each operation. Identical queries under way are shared, and a query that got no byte of an answer is sent once more. */
export function openWay({ transports, sharing, observer }: WayOptions): (caller: CallerOptions) => Caller {
  const known = new Map(Object.entries(transports));
  return ({ key, headers }) => {
    const caller: Caller = {
      key,
      call(call, signal) {
        const transport = known.get(call.subgraph);
        if (!transport) return Promise.reject(new CallError('UNREACHABLE', `there is no way to ${call.subgraph}`));
        return retried(call, signal, () => inFetchSpan(call, () => transport.send(call, signal, headers?.(call))), observer);
      },
    };
    const seen = observer ? observed(caller, observer) : caller;
    return sharing ? shareInFlight(seen, sharing, observer) : seen;
  };
}
