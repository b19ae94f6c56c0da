/** The load generator, a process of its own: a closed loop, in which each connection sends its next request when it has the answer of the one before. */
import { Client } from 'undici';
import { answerParent } from './processes.ts';

/** One run: where to, what, how many connections, how long. */
export interface Load {
  readonly url: string;
  readonly bodies: readonly string[];
  /** Each request has an Authorization header of its own; else all have the same. */
  readonly isDistinct: boolean;
  /** Sent in place of the generator's own, in turns. */
  readonly tokens?: readonly string[];
  readonly connections: number;
  /** How long requests are sent, and how many at the least. */
  readonly seconds: number;
  readonly least?: number;
  /** Bytes of each answer, when all are of one length; an answer of another length is a fault. */
  readonly bytes: number | null;
}

/** What a run has found. Latencies in milliseconds. */
export interface LoadResult {
  readonly answers: number;
  /** Seconds until the last answer. */
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** The first answer that was not what it should be; a run with one is no measurement. */
  readonly fault: string | null;
  /** Requests that were sent again, because the gateway closed the connection before it answered anything. */
  readonly resets: number;
  /** Share of a core that the generator itself took. */
  readonly ownShare: number;
}

// Goes on from run to run: no caller and no key comes back soon.
let next = 0;

async function run(load: Load): Promise<LoadResult> {
  const clients = Array.from({ length: load.connections }, () => new Client(load.url, { pipelining: 1 }));
  const latencies: number[] = [];
  let fault: string | null = null;
  let resets = 0;
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const end = begin + load.seconds * 1000;
  const one = async (client: Client) => {
    while (fault === null) {
      const n = next++;
      const sent = performance.now();
      if (sent >= end && latencies.length >= (load.least ?? 0)) return;
      const token = load.tokens ? load.tokens[n % load.tokens.length]! : load.isDistinct ? `caller-${n}` : 'caller';
      const body = load.bodies[n % load.bodies.length]!;
      let wrong = await send(client, body, `Bearer ${token}`, load.bytes);
      if (wrong === RESET) {
        resets += 1;
        wrong = await send(client, body, `Bearer ${token}`, load.bytes);
      }
      latencies.push(performance.now() - sent);
      fault ??= wrong;
    }
  };
  await Promise.all(clients.map(one));
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await Promise.all(clients.map((client) => client.close()));
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    answers: latencies.length,
    seconds,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    fault,
    resets,
    ownShare: (user + system) / 1e6 / seconds,
  };
}

/** A connection that the other side gave up while nothing was sent over it: every client sends such a request again. */
const RESET = 'reset';
const WITH_ERRORS = Buffer.from('{"errors"');

/** One request by the bare dispatcher; what is wrong with the answer, or null. The answer is counted, and not kept. */
function send(client: Client, body: string, authorization: string, bytes: number | null): Promise<string | null> {
  return new Promise((resolve) => {
    let status = 0;
    let length = 0;
    let first: Buffer | undefined;
    const headers = { 'content-type': 'application/json', accept: 'application/json', authorization };
    client.dispatch(
      { method: 'POST', path: '/graphql', headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, code) {
          status = code;
        },
        onResponseData(_controller, chunk) {
          first ??= chunk;
          length += chunk.length;
        },
        onResponseEnd() {
          const isFine = status === 200 && (bytes === null || bytes === length) && first?.indexOf(WITH_ERRORS) !== 0;
          resolve(isFine ? null : `status ${status}, ${length} bytes of ${bytes ?? 'any'}: ${first?.toString('utf8', 0, 300) ?? ''}`);
        },
        onResponseError: (_controller, error) =>
          resolve(status === 0 && /ECONNRESET|other side closed/.test(String(error)) ? RESET : String(error)),
      },
    );
  });
}

answerParent<Load, LoadResult>(run);
