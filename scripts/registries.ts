import type { KeyObject } from 'node:crypto';
import { type ConsentRegistrar, consent, createRegistrar } from '@commonweal/consent';
import {
  createSubgraph,
  type EventReceiver,
  type Log,
  openPool,
  type RegistryUrls,
  type Subgraph,
  type SubgraphDefinition,
  type SubgraphSettings,
} from '@commonweal/kit';
import { readSupergraph } from '@commonweal/kit/config.ts';
import { RECEIVERS } from '@commonweal/kit/main.ts';
import { payments } from '@commonweal/payments';
import { persons } from '@commonweal/persons';
import { programs } from '@commonweal/programs';
import { buildCatalog, SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import { parse } from 'graphql';

/** The registries of one process, started and joined. */
export interface Registries {
  readonly subgraphs: Readonly<Record<SubgraphName, Subgraph>>;
  readonly registrar: ConsentRegistrar;
  /** Resolves when all events written before now have arrived. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts all registries in this process: the hop is a function call with the same checks, and events are handed over directly. */
export async function startRegistries(options: {
  urls: Readonly<Record<SubgraphName, RegistryUrls>>;
  secret: Buffer;
  sealKey: KeyObject;
  log: Log;
  onTripwire?: (coordinate: string) => void;
  poolSize?: number;
  /** What runs the queries; a test may run each twice. */
  executor?: SubgraphSettings['executor'];
}): Promise<Registries> {
  const { urls, secret, log } = options;
  const catalog = buildCatalog(parse(readSupergraph()));
  const registrarPool = openPool(urls.consent.appUrl, 'consent', 4);
  const registrar = createRegistrar(registrarPool, { catalog, sealKey: options.sealKey });
  const { promise: allStarted, resolve: told } = Promise.withResolvers<ReadonlyMap<SubgraphName, Subgraph>>();
  // Events that waited for a restart are carried at once, perhaps before their receiver is there: they wait for it.
  const receiver = (name: SubgraphName): EventReceiver => ({
    name,
    receive: async (events) => (await allStarted).get(name)!.receive(events),
  });
  const start = (definition: SubgraphDefinition) =>
    createSubgraph(
      definition,
      catalog,
      { databaseUrl: urls[definition.name].appUrl, secret, poolSize: options.poolSize ?? 16, executor: options.executor },
      {
        registrar,
        log,
        receivers: RECEIVERS[definition.name].map(receiver),
        ...(options.onTripwire ? { onTripwire: options.onTripwire } : {}),
      },
    );
  const started = new Map((await Promise.all([persons, programs, payments, consent].map(start))).map((s) => [s.name, s]));
  told(started);
  const subgraphs = Object.fromEntries(SUBGRAPHS.map((name) => [name, started.get(name)!])) as Record<SubgraphName, Subgraph>;
  return {
    subgraphs,
    registrar,
    async settle() {
      // What one registry hears may make it tell the next: twice round reaches all.
      for (let round = 0; round < 2; round++) for (const s of started.values()) await s.courier.settle();
    },
    async stop() {
      for (const s of started.values()) await s.stop();
      await registrar.stop();
      await registrarPool.end({ timeout: 5 });
    },
  };
}
