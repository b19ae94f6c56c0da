import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { type buildConnector, Pool } from 'undici';
import { Lru } from '../lru.ts';
import { abortedBy, onAbort } from './deadline.ts';
import { CallError } from './transport.fault.ts';
import { HttpCall, type ReadAnswer } from './transport.http.call.ts';
import { replyOf } from './transport.reply.ts';
import type { Headers, Transport } from './transport.ts';
import type { SubgraphCall, SubgraphReply } from './types.ts';

/** How a subgraph behind HTTP is reached. What is left out has a default. */
export interface HttpOptions {
  /** Name, for messages. */
  readonly subgraph: string;
  readonly url: URL;
  /** Sent with every call. */
  readonly headers?: Headers;
  /** Connections at the most; each carries one call at a time. 32. */
  readonly connections?: number;
  /** Calls that may wait for a connection; one more is refused at once. 2,000. */
  readonly waiting?: number;
  /** Time of one call as a whole, waiting for a connection included. 10 s. */
  readonly timeoutMs?: number;
  /** How long a connection that is not used is kept. 4 s, unless the server says less. */
  readonly keepAliveMs?: number;
  /** Bytes of an answer at the most. 32 MiB. */
  readonly largestAnswer?: number;
  /** Given to the TLS connection: own authorities, a client certificate, a server name. */
  readonly tls?: Partial<buildConnector.BuildOptions>;
  /** A pool of `openPool`, for those who need it for more than GraphQL; one of its own otherwise. */
  readonly pool?: Pool;
}

const LARGEST_ANSWER = 32 * 1024 * 1024;
/** Characters of texts whose JSON is remembered. */
const MOST_TEXT = 4_000_000;

/** The pool of connections that a transport uses, for those who need it for more than GraphQL. */
export function openPool(options: Omit<HttpOptions, 'pool'>): Pool {
  const { url, connections = 32, timeoutMs = 10_000 } = options;
  return new Pool(url.origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    maxResponseSize: options.largestAnswer ?? LARGEST_ANSWER,
    keepAliveTimeout: options.keepAliveMs ?? 4000,
    ...(options.tls ? { connect: options.tls } : {}),
  });
}

/** The way to a subgraph behind HTTP. It needs to know less of a call than others do. */
export interface HttpTransport extends Transport {
  send(call: HttpRequest, signal: AbortSignal, headers?: Headers): Promise<SubgraphReply>;
  /** Posts JSON to another path of the same process, within the same limits. Rejects with a `CallError`, or with what `read` throws in one. */
  post<T>(path: string, body: string, signal: AbortSignal, headers: Headers, read: ReadAnswer<T>): Promise<T>;
}

type HttpRequest = Pick<SubgraphCall, 'query' | 'variables'>;

/** Opens the way to a subgraph behind HTTP. Nothing is sent before it is used. */
export function httpTransport(options: HttpOptions): HttpTransport {
  const { subgraph, url, connections = 32, waiting: mostWaiting = 2000, timeoutMs = 10_000, largestAnswer = LARGEST_ANSWER } = options;
  const pool = options.pool ?? openPool(options);
  const path = url.pathname + url.search;
  const headers: Headers = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
    ...options.headers,
  };
  const texts = new Lru<string>(MOST_TEXT);
  // The library's own queue keeps what was given up until a connection is free; this one forgets it at once, and has an end.
  const waiting = new Set<() => void>();
  let running = 0;

  /** The text of a query as JSON is made once: it is the same in every call of a fetch. */
  function bodyOf({ query, variables }: HttpRequest): string {
    let text = texts.get(query);
    if (text === undefined) {
      text = JSON.stringify(query);
      texts.set(query, text, query.length);
    }
    return `{"query":${text},"variables":${JSON.stringify(variables)}}`;
  }

  function freed(): void {
    running -= 1;
    for (const start of waiting) {
      waiting.delete(start);
      start();
      return;
    }
  }

  function post<T>(to: string, body: string, signal: AbortSignal, sent: Headers, read: ReadAnswer<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortedBy(signal));
      if (running >= connections && waiting.size >= mostWaiting)
        return reject(new CallError('BUSY', `${waiting.size} calls wait for ${subgraph} already`));
      const http = new HttpCall<T>(subgraph, largestAnswer, read, {
        settle(answer) {
          clearTimeout(timer);
          stopListening();
          waiting.delete(start);
          if (answer instanceof CallError) reject(answer);
          else resolve(answer);
        },
        freed,
      });
      const timer = setTimeout(() => http.stop(new CallError('TIMEOUT', `${subgraph} did not answer within ${timeoutMs} ms`)), timeoutMs);
      const stopListening = onAbort(signal, () => http.stop(abortedBy(signal)));
      const start = () => {
        running += 1;
        pool.dispatch({ method: 'POST', path: to, headers: sent, body }, http);
      };
      if (running < connections) start();
      else waiting.add(start);
    });
  }

  const send = (call: HttpRequest, signal: AbortSignal, own?: Headers) =>
    post(path, bodyOf(call), signal, withTrace({ ...headers, ...own }), replyOf);

  return { send, post, close: () => pool.close() };
}

/** The headers by which a subgraph's spans become parts of this trace, where there is one. */
function withTrace(headers: Record<string, string>): Record<string, string> {
  const active = context.active();
  if (active !== ROOT_CONTEXT) propagation.inject(active, headers);
  return headers;
}
