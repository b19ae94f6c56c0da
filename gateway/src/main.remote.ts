import { randomUUID } from 'node:crypto';
import {
  HOP_HEADER,
  HOP_LIFETIME,
  hopKey,
  queryHash,
  type Registrar,
  type SubgraphAnswer,
  type SubgraphTransport,
  SYSTEM,
  signHop,
} from '@commonweal/schema';
import { context, propagation } from '@opentelemetry/api';
import { Pool } from 'undici';
import type { ReadinessCheck } from './http/health.ts';

/** A registry that is a process of its own. */
export interface RemoteSubgraph {
  readonly transport: SubgraphTransport;
  readonly ready: ReadinessCheck;
  /** A call between our own processes, `POST <url>/internal/<call>`. */
  readonly call: (call: string, body: unknown) => Promise<unknown>;
  close(): Promise<void>;
}

/** What a remote registry is reached with. */
export interface RemoteOptions {
  readonly name: string;
  readonly url: URL;
  readonly secret: Buffer;
  readonly timeoutMs: number;
}

const CONNECTIONS = 32;
const LARGEST_ANSWER = 32 * 1024 * 1024;

/** Opens a pool of connections to a registry's process. Nothing is sent before it is used. */
export function openRemote({ name, url, secret, timeoutMs }: RemoteOptions): RemoteSubgraph {
  const pool = new Pool(url.origin, {
    connections: CONNECTIONS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: LARGEST_ANSWER,
  });
  const base = url.pathname.replace(/\/$/, '');
  const key = hopKey(secret, name);

  async function post(path: string, body: string, hop: string, signal?: AbortSignal) {
    const headers: Record<string, string> = { 'content-type': 'application/json', [HOP_HEADER]: hop };
    propagation.inject(context.active(), headers);
    return pool.request({ method: 'POST', path: base + path, headers, body, ...(signal ? { signal } : {}) });
  }

  return {
    transport: {
      async fetch({ query, variables, operationName, hop }, signal) {
        const { statusCode, headers, body } = await post('/graphql', JSON.stringify({ query, variables, operationName }), hop, signal);
        // A refused hop and a fault of the registry are GraphQL answers too; what is not JSON comes from something in between.
        if (!/^application\/(graphql-response\+)?json/.test(String(headers['content-type'] ?? ''))) {
          await body.dump();
          throw new Error(`${name} answered ${statusCode}, and not with JSON`);
        }
        const answer = (await body.json()) as SubgraphAnswer;
        if (typeof answer !== 'object' || answer === null || (answer.data === undefined && !answer.errors?.length))
          throw new Error(`${name} answered ${statusCode} without data and errors`);
        return answer;
      },
    },
    async ready(signal) {
      const { statusCode, body } = await pool.request({ method: 'GET', path: `${base}/health/ready`, signal });
      if (statusCode === 200) {
        await body.dump();
        return [];
      }
      const { missing } = (await body.json().catch(() => ({}))) as { missing?: unknown };
      return Array.isArray(missing) && missing.length > 0 ? missing.map(String) : [`the ${name} subgraph is not ready (${statusCode})`];
    },
    async call(call, value) {
      const text = JSON.stringify(value);
      const hop = signHop(key, {
        audience: name,
        expires: Math.floor(Date.now() / 1000) + HOP_LIFETIME,
        id: randomUUID(),
        queryHash: queryHash(text),
        principal: SYSTEM,
        epoch: 0,
        digest: '',
        requestId: '',
        operation: 'query',
      });
      const { statusCode, body } = await post(`/internal/${call}`, text, hop);
      if (statusCode !== 200) {
        await body.dump();
        throw new Error(`${name} answered ${statusCode} to ${call}`);
      }
      return body.json();
    },
    close: () => pool.close(),
  };
}

/** The registrar of a consent registry that is a process of its own. */
export const remoteRegistrar = ({ call }: Pick<RemoteSubgraph, 'call'>): Registrar => ({
  policies: (knownEpoch) => call('policies', { knownEpoch }) as ReturnType<Registrar['policies']>,
  audit: async (records) => void (await call('audit', records)),
});
