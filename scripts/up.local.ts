import { sealKeyInFile } from '@commonweal/consent';
import { readConsentConfig } from '@commonweal/consent/config.ts';
import { createLog, logStrays, openLogFile } from '@commonweal/gateway/http/log.ts';
import { createMetrics } from '@commonweal/gateway/http/metrics.ts';
import { startTracing } from '@commonweal/gateway/main.tracing.ts';
import { createGateway } from '@commonweal/gateway/server.ts';
import type { Subgraph } from '@commonweal/kit';
import { readPoolSize } from '@commonweal/kit/config.ts';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import { playgroundHelp } from './playground-help.ts';
import { startRegistries } from './registries.ts';
import type { StartSystem } from './up.system.ts';

/** All in one process: the hop is a function call, with the same checks as over HTTP. */
export const startInOneProcess: StartSystem = async ({ config, env, urls, data, connections, shareMetrics, tell }, running) => {
  const log = createLog(config.logLevel, openLogFile(data.log));
  logStrays(log);
  const own = createMetrics();
  const metrics = shareMetrics?.(own) ?? own;
  if (config.otelEndpoint) running.push(await startTracing(config.otelEndpoint));
  tell('registries');
  const sealKey = env.COMMONWEAL_SEAL_KEY_FILE ? readConsentConfig(env).sealKey : sealKeyInFile(data.sealKey);
  const registries = await startRegistries({
    urls,
    secret: config.secret,
    sealKey,
    log,
    poolSize: connections ?? readPoolSize(env),
    onTripwire: (coordinate) => metrics.tripwire(coordinate),
  });
  running.push(() => registries.stop());

  tell('gateway');
  const { subgraphs, registrar } = registries;
  const of = <T>(pick: (subgraph: Subgraph) => T) =>
    Object.fromEntries(SUBGRAPHS.map((name) => [name, pick(subgraphs[name])])) as Record<SubgraphName, T>;
  const gateway = await createGateway(config, {
    transports: of((subgraph) => subgraph.transport),
    registrar,
    readiness: Object.fromEntries(SUBGRAPHS.map((name) => [`the ${name} registry`, () => subgraphs[name].health()])),
    log,
    metrics,
    playgroundHelp: playgroundHelp(config, data),
  });
  running.push(() => gateway.stop());
  return { url: gateway.url, ended: new Promise(() => {}) };
};
