import { openRemote, remoteRegistrar } from '@commonweal/gateway/main.remote.ts';
import { serveSubgraph } from '@commonweal/kit';
import {
  type AuditRecord,
  type OperationSource,
  type Registrar,
  SUBGRAPHS,
  type SubgraphName,
  type SubgraphTransport,
} from '@commonweal/schema';
import type { Registries } from '../../scripts/registries.ts';

/** The registries as the gateway reaches them: by calls, or over HTTP. */
export interface Reached {
  readonly transports: Readonly<Record<SubgraphName, SubgraphTransport>>;
  readonly registrar: Registrar & OperationSource;
  /** Where each registry listens; empty when it is called. */
  readonly urls: Readonly<Partial<Record<SubgraphName, string>>>;
  stop(): Promise<void>;
}

/** All in one process: the hop is a function call. */
export const byCalls = ({ subgraphs, registrar, stop }: Registries): Reached => ({
  transports: Object.fromEntries(SUBGRAPHS.map((n) => [n, subgraphs[n].transport])) as Record<SubgraphName, SubgraphTransport>,
  registrar,
  urls: {},
  stop,
});

/** Each registry behind HTTP with signed hops, as in the services topology. */
export async function overHttp(registries: Registries, secret: Buffer): Promise<Reached> {
  const { registrar, subgraphs } = registries;
  const internal = {
    policies: ({ knownEpoch }: { knownEpoch: number | null }) => registrar.policies(knownEpoch),
    operations: ({ knownEpoch }: { knownEpoch: number | null }) => registrar.operations(knownEpoch),
    audit: (records: readonly AuditRecord[]) => registrar.audit(records),
  };
  const served = await Promise.all(
    SUBGRAPHS.map((n) => serveSubgraph(subgraphs[n], { host: '127.0.0.1', port: 0, secret, internal: n === 'consent' ? internal : {} })),
  );
  const urls = Object.fromEntries(SUBGRAPHS.map((n, i) => [n, `http://127.0.0.1:${served[i]!.port}`])) as Record<SubgraphName, string>;
  const remotes = SUBGRAPHS.map((name) => openRemote({ name, url: new URL(urls[name]), secret, timeoutMs: 10_000 }));
  return {
    transports: Object.fromEntries(SUBGRAPHS.map((n, i) => [n, remotes[i]!.transport])) as Record<SubgraphName, SubgraphTransport>,
    registrar: remoteRegistrar(remotes[SUBGRAPHS.indexOf('consent')]!),
    urls,
    async stop() {
      await Promise.all(remotes.map((r) => r.close()));
      for (const s of served) await s.stop();
      await registries.stop();
    },
  };
}
