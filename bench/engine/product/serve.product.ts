/** The product's gateway as `npm start` has it, with canned answers in place of registries and a registrar that keeps no records. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readConfig } from '@commonweal/gateway/config.ts';
import { HOP_SECRET } from '@commonweal/gateway/graph.fake/registry.ts';
import { createLog } from '@commonweal/gateway/http/log.ts';
import { createGateway } from '@commonweal/gateway/server.ts';
import {
  documentIdOf,
  PERSONAS,
  referenceSnapshot,
  SUBGRAPHS,
  type SubgraphAnswer,
  type SubgraphName,
  type SubgraphTransport,
} from '@commonweal/schema';
import { cannedAnswers } from './canned.ts';

const string = { type: 'string' } as const;
const { values } = parseArgs({ options: { port: string, jwks: string } });

const snapshot = referenceSnapshot({ programs: {}, providers: {} });
const { consumer, purposes } = PERSONAS['case-worker']!;
const text = readFileSync(new URL('question.graphql', import.meta.url), 'utf8');
const registered = {
  epoch: 1,
  operations: [{ id: documentIdOf(text), consumer, purpose: purposes[0]!, name: 'HouseholdAcrossPrograms', text }],
};

const answers = cannedAnswers();
const transport = (subgraph: SubgraphName): SubgraphTransport => ({
  fetch: async ({ query, variables = {} }) => JSON.parse(await answers({ subgraph, query, variables })) as SubgraphAnswer,
});

await createGateway(
  readConfig({
    COMMONWEAL_ENV: 'development',
    COMMONWEAL_PORT: values.port,
    COMMONWEAL_SECRET: HOP_SECRET.toString('base64'),
    COMMONWEAL_OIDC_JWKS: values.jwks,
    COMMONWEAL_RATE: '1000000',
    COMMONWEAL_RATE_BURST: '1000000',
    COMMONWEAL_LOG_LEVEL: 'error',
    COMMONWEAL_PLAYGROUND: 'off',
  }),
  {
    transports: Object.fromEntries(SUBGRAPHS.map((name) => [name, transport(name)])) as Record<SubgraphName, SubgraphTransport>,
    registrar: {
      policies: async (known) => (known === snapshot.epoch ? null : snapshot),
      operations: async (known) => (known === registered.epoch ? null : registered),
      audit: async () => {},
    },
    log: createLog('error'),
  },
);
process.once('disconnect', () => process.exit(0));
