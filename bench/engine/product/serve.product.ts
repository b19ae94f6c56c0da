/** The product's gateway: as a process of its own with registries behind HTTP, or with canned answers in this process and a registrar that keeps no records. */
import { parseArgs } from 'node:util';
import { type GatewayConfig, readConfig } from '@commonweal/gateway/config.ts';
import { HOP_SECRET } from '@commonweal/gateway/graph.fake/registry.ts';
import { createLog } from '@commonweal/gateway/http/log.ts';
import { startTracing } from '@commonweal/gateway/main.tracing.ts';
import { runGateway } from '@commonweal/gateway/main.ts';
import { createGateway } from '@commonweal/gateway/server.ts';
import { SUBGRAPHS, type SubgraphAnswer, type SubgraphName, type SubgraphTransport } from '@commonweal/schema';
import { cannedAnswers, cannedRegistrar } from './canned.ts';

const string = { type: 'string' } as const;
const { values } = parseArgs({ options: { port: string, jwks: string, registries: string, collector: string } });

const urls = JSON.parse(values.registries ?? '{}') as Readonly<Record<string, string>>;
const config = readConfig({
  COMMONWEAL_ENV: 'development',
  COMMONWEAL_PORT: values.port,
  COMMONWEAL_SECRET: HOP_SECRET.toString('base64'),
  COMMONWEAL_OIDC_JWKS: values.jwks,
  COMMONWEAL_RATE: '1000000',
  COMMONWEAL_RATE_BURST: '1000000',
  COMMONWEAL_LOG_LEVEL: 'error',
  COMMONWEAL_PLAYGROUND: 'off',
  COMMONWEAL_OTEL_ENDPOINT: values.collector,
  ...Object.fromEntries(Object.entries(urls).map(([name, url]) => [`COMMONWEAL_URL_${name.toUpperCase()}`, url])),
});

async function runInOneProcess(config: GatewayConfig): Promise<void> {
  if (config.otelEndpoint) await startTracing(config.otelEndpoint);
  const answers = cannedAnswers();
  const transport = (subgraph: SubgraphName): SubgraphTransport => ({
    fetch: async ({ query, variables = {} }) => JSON.parse(await answers({ subgraph, query, variables })) as SubgraphAnswer,
  });
  await createGateway(config, {
    transports: Object.fromEntries(SUBGRAPHS.map((name) => [name, transport(name)])) as Record<SubgraphName, SubgraphTransport>,
    registrar: cannedRegistrar,
    log: createLog('error'),
  });
}

if (values.registries) await runGateway(config);
else await runInOneProcess(config);
process.once('disconnect', () => process.exit(0));
