import { randomUUID } from 'node:crypto';
import {
  HOP_HEADER,
  HOP_LIFETIME,
  hopKey,
  type OperationSource,
  queryHash,
  type Registrar,
  type SubgraphAnswer,
  type SubgraphTransport,
  SYSTEM,
  signHop,
} from '@commonweal/schema';
import { CallError } from './execute/transport.fault.ts';
import { httpTransport, openPool } from './execute/transport.http.ts';
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
  /** Time of one fetch as a whole. */
  readonly timeoutMs: number;
}

const NEVER = new AbortController().signal;

/** Opens a pool of connections to a registry's process. Nothing is sent before it is used. */
export function openRemote({ name, url, secret, timeoutMs }: RemoteOptions): RemoteSubgraph {
  const base = url.pathname.replace(/\/$/, '');
  const reached = { subgraph: name, url: new URL(`${base}/graphql`, url), timeoutMs };
  const pool = openPool(reached);
  const graphql = httpTransport({ ...reached, pool });
  const key = hopKey(secret, name);

  return {
    transport: {
      fetch: ({ query, variables = {}, hop }, signal = NEVER) =>
        graphql.send({ query, variables }, signal, { [HOP_HEADER]: hop }) as Promise<SubgraphAnswer>,
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
      const headers = { 'content-type': 'application/json', [HOP_HEADER]: hop };
      return graphql.post(`${base}/internal/${call}`, text, NEVER, headers, (_name, status, answer): unknown => {
        if (status !== 200) throw new CallError('NOT_GRAPHQL', `${name} answered ${status} to ${call}`);
        return JSON.parse(answer);
      });
    },
    close: () => graphql.close(),
  };
}

/** The registrar of a consent registry that is a process of its own. */
export const remoteRegistrar = ({ call }: Pick<RemoteSubgraph, 'call'>): Registrar & OperationSource => ({
  policies: (knownEpoch) => call('policies', { knownEpoch }) as ReturnType<Registrar['policies']>,
  operations: (knownEpoch) => call('operations', { knownEpoch }) as ReturnType<OperationSource['operations']>,
  audit: async (records) => void (await call('audit', records)),
});
