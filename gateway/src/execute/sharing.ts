import { abortedBy, onAbort } from './deadline.ts';
import type { CallObserver } from './observe.ts';
import type { SubgraphCall, SubgraphReply } from './types.ts';

/** The most that is remembered of calls under way; a call beyond it is sent without being shared. */
export interface SharingLimits {
  readonly calls: number;
  /** Characters of variables that are kept for comparing, all calls together. */
  readonly characters: number;
}

/** What several may be given: it says when it was. */
export interface Shareable {
  readonly shared?: boolean | undefined;
}

/** Whose calls are shared; see `Caller`. `close` lets nobody join a call any more, although it is not answered yet. */
export interface SharingCaller<Reply> {
  readonly key: string | null;
  call(call: SubgraphCall, signal: AbortSignal, close: () => void): Promise<Reply>;
}

/** The same caller, of which the calls are shared. */
export interface SharedCaller<Reply> {
  readonly key: string | null;
  call(call: SubgraphCall, signal: AbortSignal): Promise<Reply>;
}

const LIMITS: SharingLimits = { calls: 10_000, characters: 32_000_000 };

/** Queries under way of one caller with one text. */
interface Alike<Reply extends Shareable> {
  readonly key: string;
  readonly query: string;
  /** The only one, as long as there was no second. Its variables need not be written out before there is one to compare them with. */
  single: Flight<Reply> | null;
  /** All of them by subgraph and variables, once there was a second. */
  named: Map<string, Flight<Reply>> | null;
}

/**
 * Queries under way, by all that their answers depend on. One for a process; nothing stays in it after an answer. Most calls are like no other, so finding that
 * out must cost little: two look-ups of strings that were there before, and nothing is written out.
 */
export class Sharing<Reply extends Shareable = SubgraphReply> {
  #underWay = new Map<string, Map<string, Alike<Reply>>>();
  readonly #limits: SharingLimits;
  #calls = 0;
  #characters = 0;

  constructor(limits: Partial<SharingLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Number of queries under way that may be joined. */
  get size(): number {
    return this.#calls;
  }

  /** The identical query that is under way, or else a new one, remembered from now until it is removed. Null: there is no room. */
  flight(key: string, call: SubgraphCall): Flight<Reply> | null {
    const alike = this.#underWay.get(key)?.get(call.query);
    if (alike) return this.#among(alike, call);
    if (this.#calls >= this.#limits.calls) return null;
    const made: Alike<Reply> = { key, query: call.query, single: null, named: null };
    made.single = new Flight(this, made, call);
    const texts = this.#underWay.get(key);
    if (texts) texts.set(call.query, made);
    else this.#underWay.set(key, new Map([[call.query, made]]));
    this.#calls += 1;
    return made.single;
  }

  #among(alike: Alike<Reply>, call: SubgraphCall): Flight<Reply> | null {
    if (!alike.named) {
      const first = alike.single as Flight<Reply>;
      const name = nameOf(first.call);
      if (this.#characters + name.length > this.#limits.characters) return null;
      first.name = name;
      alike.named = new Map([[name, first]]);
      alike.single = null;
      this.#characters += name.length;
    }
    const name = nameOf(call);
    const known = alike.named.get(name);
    if (known) return known;
    if (this.#calls >= this.#limits.calls || this.#characters + name.length > this.#limits.characters) return null;
    const flight = new Flight(this, alike, call);
    flight.name = name;
    alike.named.set(name, flight);
    this.#calls += 1;
    this.#characters += name.length;
    return flight;
  }

  /** Lets nobody join a query any more. */
  remove(flight: Flight<Reply>): void {
    const { alike, name } = flight;
    const texts = this.#underWay.get(alike.key);
    // What was sent before a write is forgotten already.
    if (texts?.get(alike.query) !== alike) return;
    if (alike.named) {
      if (alike.named.get(name) !== flight) return;
      alike.named.delete(name);
      this.#characters -= name.length;
    } else if (alike.single !== flight) return;
    this.#calls -= 1;
    if (alike.named && alike.named.size > 0) return;
    texts.delete(alike.query);
    if (texts.size === 0) this.#underWay.delete(alike.key);
  }

  /** Lets nobody join any of the queries under way. */
  clear(): void {
    this.#underWay = new Map();
    this.#calls = 0;
    this.#characters = 0;
  }
}

/** Closes what nobody can join. */
const NOTHING = () => {};

// The length keeps name and variables apart.
const nameOf = ({ subgraph, variables }: SubgraphCall): string => `${subgraph.length} ${subgraph}${JSON.stringify(variables)}`;

/**
 * A caller of which identical queries that are under way at the same time are sent once, and the answer is given to all who wait for it. Queries are the same
 * when subgraph, caller's key, text and variables are; a caller without a key shares nothing, and mutations are always sent. Whoever stops waiting leaves the
 * others alone; the call is aborted when the last one has left.
 *
 * A query that begins after a write of this process was answered never joins one that was sent before: it would miss the write. Writes through other processes
 * are not known here; where that matters, the key must be null.
 */
export function shareInFlight<Reply extends Shareable>(
  caller: SharingCaller<Reply>,
  sharing: Sharing<Reply>,
  observer?: Pick<CallObserver, 'joined'>,
): SharedCaller<Reply> {
  const { key } = caller;
  return {
    key,
    call(call, signal) {
      if (call.operation !== 'query') return caller.call(call, signal, NOTHING).finally(() => sharing.clear());
      if (key === null) return caller.call(call, signal, NOTHING);
      if (signal.aborted) return Promise.reject(abortedBy(signal));
      const flight = sharing.flight(key, call);
      if (!flight) return caller.call(call, signal, NOTHING);
      const isNew = flight.isEmpty;
      if (!isNew) observer?.joined(call.subgraph);
      const reply = flight.join(signal);
      if (isNew) flight.send(caller);
      return reply;
    },
  };
}

interface Holder<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
  readonly stopListening: () => void;
}

/** One query under way, and those who wait for its answer. */
class Flight<Reply extends Shareable> {
  readonly call: SubgraphCall;
  readonly alike: Alike<Reply>;
  /** Under which it is found among those with its text; empty as long as it is the only one. */
  name = '';
  readonly #sharing: Sharing<Reply>;
  readonly #controller = new AbortController();
  readonly #holders = new Set<Holder<Reply>>();

  constructor(sharing: Sharing<Reply>, alike: Alike<Reply>, call: SubgraphCall) {
    this.#sharing = sharing;
    this.alike = alike;
    this.call = call;
  }

  /** Nobody waits for it. */
  get isEmpty(): boolean {
    return this.#holders.size === 0;
  }

  /** Waits for the answer until the signal aborts. */
  join(signal: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const holder: Holder<Reply> = { resolve, reject, stopListening: onAbort(signal, () => this.#leave(holder, abortedBy(signal))) };
      this.#holders.add(holder);
    });
  }

  /** Sends the query. Its signal aborts when the last one has left. */
  send(caller: SharingCaller<Reply>): void {
    try {
      caller
        .call(this.call, this.#controller.signal, () => this.#sharing.remove(this))
        .then(
          (reply) => this.#end(this.#holders.size > 1 ? { ...reply, shared: true } : reply),
          (error: unknown) => this.#fail(error),
        );
    } catch (error) {
      // Also a call that throws instead of rejecting must end the flight, or all that join it would wait for ever.
      this.#fail(error);
    }
  }

  #end(reply: Reply): void {
    // Before anybody hears of the answer: what they ask next is another question.
    this.#sharing.remove(this);
    for (const holder of this.#holders) {
      holder.stopListening();
      holder.resolve(reply);
    }
    this.#holders.clear();
  }

  #fail(error: unknown): void {
    this.#sharing.remove(this);
    for (const holder of this.#holders) {
      holder.stopListening();
      holder.reject(error);
    }
    this.#holders.clear();
  }

  #leave(holder: Holder<Reply>, reason: Error): void {
    this.#holders.delete(holder);
    holder.reject(reason);
    if (this.#holders.size > 0) return;
    this.#sharing.remove(this);
    this.#controller.abort(reason);
  }
}
