import { consent, createRegistrar, sealKeyInFile } from '@commonweal/consent';
import { type GatewayConfig, readConfig } from '@commonweal/gateway/config.ts';
import { createLog } from '@commonweal/gateway/http/log.ts';
import { createGateway } from '@commonweal/gateway/server.ts';
import { createSubgraph, type EventReceiver, openPool, type RegistryUrls, type Subgraph } from '@commonweal/kit';
import { readSupergraph } from '@commonweal/kit/config.ts';
import { RECEIVERS } from '@commonweal/kit/main.ts';
import { payments } from '@commonweal/payments';
import { persons } from '@commonweal/persons';
import { programs } from '@commonweal/programs';
import { buildCatalog, type OperationSource, type Registrar, type SubgraphName, type SubgraphTransport } from '@commonweal/schema';
import { parse } from 'graphql';

/** What a system under test is started with. */
export interface SystemOptions {
  readonly urls: Readonly<Record<SubgraphName, RegistryUrls>>;
  /** The deployment's secret, base64. */
  readonly secret: string;
  readonly jwks: string;
  readonly sealKey: string;
  /** False: no record of who asked what is written, and none is sealed. */
  readonly audit: boolean;
  /** Told of each fetch and of each statement. */
  readonly onFetch?: (subgraph: SubgraphName) => void;
  readonly onStatement?: (text: string) => void;
}

/** A system that runs in this process. */
export interface RunningSystem {
  readonly url: string;
  stop(): Promise<void>;
}

/** The registries. */
export const REGISTRIES = [persons, programs, payments, consent];

/** The configuration of the front: as on a laptop, without a limit of requests that a load generator could meet, and without a log. */
export const configOf = (options: Pick<SystemOptions, 'secret' | 'jwks'>): GatewayConfig =>
  readConfig({
    COMMONWEAL_ENV: 'development',
    COMMONWEAL_PORT: '0',
    COMMONWEAL_SECRET: options.secret,
    COMMONWEAL_OIDC_JWKS: options.jwks,
    COMMONWEAL_RATE: '1000000',
    COMMONWEAL_RATE_BURST: '1000000',
    COMMONWEAL_LOG_LEVEL: 'error',
    COMMONWEAL_PLAYGROUND: 'off',
  });

/** The product as `npm start` composes it, in this process; only audit can be left out, and what it does be watched. */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const { urls } = options;
  const secret = Buffer.from(options.secret, 'base64');
  const log = createLog('error');
  const catalog = buildCatalog(parse(readSupergraph()));
  const registrarPool = openPool(urls.consent.appUrl, 'consent', 4, options.onStatement);
  const kept = createRegistrar(registrarPool, {
    catalog,
    sealKey: sealKeyInFile(options.sealKey),
    ...(options.audit ? {} : { sealEvery: 0 }),
  });
  const registrar: Registrar & OperationSource = options.audit
    ? kept
    : { policies: (epoch) => kept.policies(epoch), operations: (epoch) => kept.operations(epoch), audit: async () => {} };
  const started = new Map<SubgraphName, Subgraph>();
  const receiver = (name: SubgraphName): EventReceiver => ({ name, receive: async (events) => started.get(name)?.receive(events) });
  for (const definition of REGISTRIES) {
    const settings = {
      databaseUrl: urls[definition.name].appUrl,
      secret,
      poolSize: 16,
      ...(options.onStatement ? { onStatement: options.onStatement } : {}),
    };
    started.set(
      definition.name,
      await createSubgraph(definition, catalog, settings, { registrar, log, receivers: RECEIVERS[definition.name].map(receiver) }),
    );
  }
  const watched = (name: SubgraphName, { transport }: Subgraph): SubgraphTransport =>
    options.onFetch ? { fetch: (request, signal) => noted(name, () => transport.fetch(request, signal)) } : transport;
  function noted<T>(name: SubgraphName, fetch: () => T): T {
    options.onFetch?.(name);
    return fetch();
  }
  const gateway = await createGateway(configOf(options), {
    transports: Object.fromEntries([...started].map(([name, s]) => [name, watched(name, s)])) as Record<SubgraphName, SubgraphTransport>,
    registrar,
    log,
  });
  return {
    url: gateway.url,
    async stop() {
      await gateway.stop();
      for (const s of started.values()) await s.stop();
      await kept.stop();
      await registrarPool.end({ timeout: 5 });
    },
  };
}
