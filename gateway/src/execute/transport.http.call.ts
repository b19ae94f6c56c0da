import type { Dispatcher } from 'undici';
import { Bytes } from './transport.bytes.ts';
import { CallError } from './transport.fault.ts';
import { faultOfConnection, tooLarge } from './transport.http.fault.ts';

/** Where a call reports. `settle` is called once and first; `freed` once, when the connection is another call's to use. */
export interface CallEnds<T> {
  readonly settle: (answer: T | CallError) => void;
  readonly freed: () => void;
}

/** Makes an answer of a status and the text of a body, or throws a `CallError` that says why it is none. */
export type ReadAnswer<T> = (subgraph: string, status: number, text: string) => T;

type Controller = Dispatcher.DispatchController;

/** One HTTP exchange: takes the events of the client library, checks what comes, and stops at the first sign that it is no answer. */
export class HttpCall<T> implements Dispatcher.DispatchHandler {
  readonly #subgraph: string;
  readonly #largest: number;
  readonly #ends: CallEnds<T>;
  readonly #readAnswer: ReadAnswer<T>;
  readonly #body = new Bytes();
  #controller: Controller | null = null;
  #status = 0;
  #hasBegun = false;
  #stopped: CallError | null = null;
  #isSettled = false;

  constructor(subgraph: string, largest: number, readAnswer: ReadAnswer<T>, ends: CallEnds<T>) {
    this.#subgraph = subgraph;
    this.#largest = largest;
    this.#readAnswer = readAnswer;
    this.#ends = ends;
  }

  /** Ends the call now; the connection of an answer under way is destroyed. */
  stop(reason: CallError): void {
    if (this.#isSettled) return;
    this.#stopped = reason;
    this.#settle(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Controller): void {
    // Stopped while the connection was being made.
    if (this.#stopped) controller.abort(this.#stopped);
    else this.#controller = controller;
  }

  onResponseStarted(): void {
    this.#hasBegun = true;
  }

  onResponseStart(_controller: Controller, status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void {
    if (status < 200) return;
    this.#status = status;
    const fault = this.#faultInHeaders(status, headers);
    if (fault) this.stop(fault);
  }

  onResponseData(_controller: Controller, piece: Buffer): void {
    if (!this.#isSettled) this.#body.add(piece);
  }

  onResponseEnd(): void {
    this.#controller = null;
    if (!this.#isSettled) this.#settle(this.#read());
    this.#ends.freed();
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    this.#controller = null;
    if (!this.#isSettled) this.#settle(faultOfConnection(this.#subgraph, error, this.#hasBegun));
    this.#ends.freed();
  }

  #settle(answer: T | CallError): void {
    this.#isSettled = true;
    this.#ends.settle(answer);
  }

  #read(): T | CallError {
    try {
      return this.#readAnswer(this.#subgraph, this.#status, this.#body.text());
    } catch (error) {
      return error instanceof CallError
        ? error
        : new CallError('NOT_GRAPHQL', `${this.#subgraph} gave an answer that cannot be read`, { cause: error });
    }
  }

  #faultInHeaders(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): CallError | null {
    const is = (what: string) => new CallError('NOT_GRAPHQL', `${this.#subgraph} answered ${status}${what}`);
    if (status >= 300 && status < 400) return is(', and redirects are not followed');
    // Nothing but plain text was asked for; what is packed all the same is not unpacked, since a small answer may become an endless one.
    const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
    if (encoding !== 'identity') return is(`, encoded as ${encoding.slice(0, 40)}, which was not asked for`);
    const type = String(headers['content-type'] ?? '');
    if (!/^application\/(graphql-response\+)?json\s*(;|$)/i.test(type)) return is(', and not with JSON');
    return Number(headers['content-length']) > this.#largest ? tooLarge(this.#subgraph) : null;
  }
}
