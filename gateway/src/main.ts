import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import { ConfigError, settingsHelp } from './config.settings.ts';
import { type GatewayConfig, readConfig, SETTINGS } from './config.ts';
import { faultOf } from './http/errors.ts';
import { createLog, logStrays } from './http/log.ts';
import { openRemote, type RemoteSubgraph, remoteRegistrar } from './main.remote.ts';
import { startTracing } from './main.tracing.ts';
import { createGateway } from './server.ts';

/** Runs the gateway as a process of its own, in front of registries that are processes of their own. Resolves with what stops it. */
export async function runGateway(config: GatewayConfig): Promise<{ url: string; stop(): Promise<void> }> {
  const stopTracing = config.otelEndpoint ? await startTracing(config.otelEndpoint) : async () => {};
  const remotes = openRemotes(config);
  const of = <T>(pick: (remote: RemoteSubgraph) => T) =>
    Object.fromEntries(SUBGRAPHS.map((name) => [name, pick(remotes[name])])) as Record<SubgraphName, T>;
  const gateway = await createGateway(config, {
    transports: of((remote) => remote.transport),
    registrar: remoteRegistrar(remotes.consent),
    readiness: Object.fromEntries(SUBGRAPHS.map((name) => [`the ${name} subgraph`, remotes[name].ready])),
  });
  return {
    url: gateway.url,
    async stop() {
      await gateway.stop();
      await Promise.all(SUBGRAPHS.map((name) => remotes[name].close()));
      await stopTracing();
    },
  };
}

function openRemotes(config: GatewayConfig): Record<SubgraphName, RemoteSubgraph> {
  const { secret, limits, subgraphs } = config;
  const faults = SUBGRAPHS.filter((name) => !subgraphs[name]).map(
    (name) => `COMMONWEAL_URL_${name.toUpperCase()} must be set: the gateway has no registries of its own in this process.`,
  );
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.fromEntries(
    SUBGRAPHS.map((name) => [name, openRemote({ name, url: subgraphs[name] as URL, secret, timeoutMs: limits.timeoutMs })]),
  ) as Record<SubgraphName, RemoteSubgraph>;
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(
      `The gateway of Commonweal, as a process of its own. Settings are environment variables:\n\n${settingsHelp(SETTINGS)}\n`,
    );
    return;
  }
  const running = await runGateway(readConfig());
  logStrays(createLog('info'));
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      running.stop().then(() => process.exit(0), giveUp);
    });
  }
}

function giveUp(error: unknown): void {
  if (error instanceof ConfigError) for (const fault of error.faults) process.stderr.write(`commonweal gateway: ${fault}\n`);
  else if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
    process.stderr.write('commonweal gateway: COMMONWEAL_PORT is in use by another program.\n');
  else createLog('info').fatal(faultOf(error), 'the gateway cannot run');
  process.exit(1);
}

if (import.meta.main) await main().catch(giveUp);
