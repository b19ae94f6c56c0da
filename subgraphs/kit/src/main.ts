import { buildCatalog, type Registrar, type SubgraphName } from '@commonweal/schema';
import { parse } from 'graphql';
import pino from 'pino';
import { ConfigProblem, type ProcessConfig, readProcessConfig, readSupergraph } from './config.ts';
import type { EventReceiver } from './events/outbox.ts';
import { remoteReceiver, remoteRegistrar } from './internal.ts';
import { faultOf } from './log.ts';
import { type InternalCalls, serveSubgraph } from './server.ts';
import type { SubgraphDefinition } from './subgraph.definition.ts';
import { createSubgraph } from './subgraph.ts';

/** What a registry brings besides its definition: a registrar of its own (the consent registry), and calls for other processes. */
export interface OwnServices {
  readonly registrar: Registrar;
  readonly internal: InternalCalls;
  stop(): Promise<void>;
}

/** Runs a registry as a process of its own until a signal comes. Prints one JSON line with its port when it listens. */
export async function runProcess(
  definition: SubgraphDefinition,
  takesEvents: readonly SubgraphName[],
  own?: (config: ProcessConfig) => Promise<OwnServices>,
): Promise<void> {
  const log = pino({ name: definition.name });
  try {
    const config = readProcessConfig();
    const services = await own?.(config);
    const peer = (name: SubgraphName) => {
      const url = config.peers[name];
      if (!url) throw new ConfigProblem(`COMMONWEAL_URL_${name.toUpperCase()} is not set. It must be the url of the ${name} registry.`);
      return url;
    };
    const registrar = services?.registrar ?? remoteRegistrar(peer('consent'), config.secret);
    const receivers: EventReceiver[] = takesEvents.map((name) => remoteReceiver(peer(name), name, config.secret));
    const subgraph = await createSubgraph(definition, buildCatalog(parse(readSupergraph())), config, { registrar, receivers, log });
    const server = await serveSubgraph(subgraph, {
      host: config.host,
      port: config.port,
      secret: config.secret,
      internal: services?.internal ?? {},
    });
    log.info({ port: server.port }, 'listening');
    // It is the work of one request at the most, and the end of the process would be the end of all others'. The texts of errors may quote values.
    process.on('unhandledRejection', (error) =>
      log.error(faultOf(error ?? new Error('nothing')), 'something failed that nobody waited for'),
    );
    const stop = () => {
      server
        .stop()
        .then(() => services?.stop())
        .then(
          () => process.exit(0),
          () => process.exit(1),
        );
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    log.error({}, error instanceof ConfigProblem ? error.message : `could not start: ${(error as Error).message}`);
    process.exit(1);
  }
}

/** Which registries take the events of which. */
export const RECEIVERS: Readonly<Record<SubgraphName, readonly SubgraphName[]>> = {
  persons: ['programs', 'payments', 'consent'],
  programs: ['persons', 'payments', 'consent'],
  payments: ['persons', 'consent'],
  consent: [],
};
