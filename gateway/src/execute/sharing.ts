import { abortedBy, onAbort } from './deadline.ts';
import type { CallObserver } from './observe.ts';
import type { Caller, SubgraphCall, SubgraphReply } from './types.ts';

/** The most that is remembered of calls under way; a call beyond it is sent without being shared. */
export interface SharingLimits {
  readonly calls: number;
  /** Characters of texts and variables, all calls together. */
  readonly characters: number;
}

const LIMITS: SharingLimits = { calls: 10_000, characters: 32_000_000 };

/** Queries under way, by all that their answers depend on. One for a process; nothing stays in it after an answer. */
export class Sharing {
  readonly #underWay = new Map<string, Flight>();
  readonly #limits: SharingLimits;
  #characters = 0;

  constructor(limits: Partial<SharingLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Number of queries under way that may be joined. */
  get size(): number {
    return this.#underWay.size;
  }

  /** The query of that name, if it is under way. */
  find(name: string): Flight | undefined {
    return this.#underWay.get(name);
  }

  /** Remembers a query from now until it ends. False: there is no room. */
  add(name: string, flight: Flight): boolean {
    if (this.#underWay.size >= this.#limits.calls || this.#characters + name.length > this.#limits.characters) return false;
    this.#underWay.set(name, flight);
    this.#characters += name.length;
    return true;
  }

  /** Lets nobody join a query any more. */
  remove(name: string, flight: Flight): void {
    if (this.#underWay.get(name) !== flight) return;
    this.#underWay.delete(name);
    this.#characters -= name.length;
  }

  /** Lets nobody join any of the queries under way. */
  clear(): void {
    this.#underWay.clear();
    this.#characters = 0;
  }
}

/**
 * A caller of which identical queries that are under way at the same time are sent once, and the answer is given to all who wait for it. Queries are the same
 * when subgraph, caller's key, text and variables are; a caller without a key shares nothing, and mutations are always sent. Whoever stops waiting leaves the
 * others alone; the call is aborted when the last one has left.
 *
 * A query that begins after a write of this process was answered never joins one that was sent before: it would miss the write. Writes through other processes
 * are not known here; where that matters, the key must be null.
 */
export function shareInFlight(caller: Caller, sharing: Sharing, observer?: Pick<CallObserver, 'joined'>): Caller {
  const { key } = caller;
  return {
    key,
    call(call, signal) {
      if (call.operation !== 'query') return caller.call(call, signal).finally(() => sharing.clear());
      if (key === null) return caller.call(call, signal);
      const name = nameOf(key, call);
      const known = sharing.find(name);
      if (known) {
        observer?.joined(call.subgraph);
        return known.join(signal);
      }
      const flight = new Flight(() => sharing.remove(name, flight));
      if (!sharing.add(name, flight)) return caller.call(call, signal);
      const reply = flight.join(signal);
      flight.send((own) => caller.call(call, own));
      return reply;
    },
  };
}

// The lengths keep what stands side by side apart: no key can be made to look like another one with a part of a text.
const nameOf = (key: string, { subgraph, query, variables }: SubgraphCall): string =>
  `${subgraph.length} ${key.length} ${query.length} ${subgraph}${key}${query}${JSON.stringify(variables)}`;

interface Holder {
  readonly resolve: (reply: SubgraphReply) => void;
  readonly reject: (error: unknown) => void;
  readonly stopListening: () => void;
}

/** One query under way, and those who wait for its answer. */
export class Flight {
  readonly #controller = new AbortController();
  readonly #holders = new Set<Holder>();
  readonly #onOver: () => void;

  /** `onOver` is called before anybody hears of the answer, and when nobody waits for it any more. */
  constructor(onOver: () => void) {
    this.#onOver = onOver;
  }

  /** Waits for the answer until the signal aborts. */
  join(signal: AbortSignal): Promise<SubgraphReply> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortedBy(signal));
      const holder: Holder = { resolve, reject, stopListening: onAbort(signal, () => this.#leave(holder, abortedBy(signal))) };
      this.#holders.add(holder);
    });
  }

  /** Sends the query, if anybody waits for it. Its signal aborts when the last one has left. */
  send(call: (signal: AbortSignal) => Promise<SubgraphReply>): void {
    if (this.#holders.size === 0) {
      this.#onOver();
      return;
    }
    // Also a call that throws instead of rejecting must end the flight, or all that join it would wait for ever.
    void (async () => call(this.#controller.signal))().then(
      (reply) => {
        const given = this.#holders.size > 1 ? { ...reply, shared: true } : reply;
        this.#end((holder) => holder.resolve(given));
      },
      (error: unknown) => this.#end((holder) => holder.reject(error)),
    );
  }

  #end(tell: (holder: Holder) => void): void {
    this.#onOver();
    for (const holder of this.#holders) {
      holder.stopListening();
      tell(holder);
    }
    this.#holders.clear();
  }

  #leave(holder: Holder, reason: Error): void {
    this.#holders.delete(holder);
    holder.reject(reason);
    if (this.#holders.size > 0) return;
    this.#onOver();
    this.#controller.abort(reason);
  }
}
