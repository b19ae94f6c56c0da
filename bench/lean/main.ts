/**
 * `npm run bench -- lean`: what answering a verification costs in the gateway, without sockets and with registries that answer at once: as a text through
 * Apollo Server, as a registered operation by the lean way, and by the bare engine, which asks nobody's rights and writes no record.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createEngine } from '@commonweal/gateway/execute/engine.ts';
import { createGraph } from '@commonweal/gateway/graph.ts';
import { createMetrics } from '@commonweal/gateway/http/metrics.ts';
import { readSupergraph } from '@commonweal/kit/config.ts';
import {
  documentIdOf,
  personaPrincipal,
  referenceSnapshot,
  SUBGRAPHS,
  type SubgraphName,
  type SubgraphTransport,
} from '@commonweal/schema';
import { median } from '../questions/measure.ts';
import { short, table } from '../questions/print.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    requests: { type: 'string', default: '800' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('Options: --rounds <n> [15]  rounds in which each way runs once   --requests <n> [800]  requests of a way in a round');
  process.exit(0);
}
const [rounds, requests] = [Number(values.rounds), Number(values.requests)];
const AT_ONCE = 16;

const text = readFileSync(fileURLToPath(new URL('../../gateway/e2e/questions/verify-beneficiary.graphql', import.meta.url)), 'utf8');
const [CONSUMER, PURPOSE] = ['clinic', 'SERVICE_VERIFICATION'];
const principal = personaPrincipal(CONSUMER, { purpose: PURPOSE });
const documentId = documentIdOf(text);

const report = (subgraph: string) => ({
  report: { subgraph, persons: ['40000000-0000-4000-8000-000000000001'], fields: [], rows: 1, withheld: {}, searched: [], statements: 2 },
});
const typename = { __typename: 'BeneficiaryVerification' };
const found = { ...typename, ticket: 'ticket-0123456789abcdef', reference: 'V-123456', verifiedAt: '2026-11-21T10:00:00Z' };
const status = { ...typename, status: 'ACTIVE', entitled: true, entitledUntil: '2027-01-31' };
const ANSWERS: Readonly<Record<string, string>> = {
  persons: JSON.stringify({ data: { verifyBeneficiary: found }, extensions: report('persons') }),
  programs: JSON.stringify({ data: { _entities: [status] }, extensions: report('programs') }),
};
const answerOf = (subgraph: string) => JSON.parse(ANSWERS[subgraph] ?? '{}');
const transport = (name: SubgraphName): SubgraphTransport => ({ fetch: async () => answerOf(name) });

const snapshot = referenceSnapshot({ programs: { OPCT: 'program-1' }, providers: { HIGHLAND: 'provider-1' } });
const operations = [{ id: documentId, consumer: CONSUMER, purpose: PURPOSE, name: 'Verify', text }];
const graph = await createGraph({
  supergraphSdl: readSupergraph(),
  transports: Object.fromEntries(SUBGRAPHS.map((name) => [name, transport(name)])) as Record<SubgraphName, SubgraphTransport>,
  hopSecret: Buffer.from('a secret of thirty-two bytes, or more'),
  registrar: {
    policies: async (epoch) => (epoch === snapshot.epoch ? null : snapshot),
    operations: async (epoch) => (epoch === 1 ? null : { epoch: 1, operations }),
    audit: async () => {},
  },
  log: { debug() {}, info() {}, warn() {}, error: console.error },
  metrics: createMetrics(),
});
const engine = createEngine({ sdl: readSupergraph() });
const { HeaderMap } = createRequire(fileURLToPath(import.meta.resolve('@commonweal/gateway/graph.ts')))('@apollo/server') as {
  HeaderMap: new (entries: [string, string][]) => never;
};
const JSON_BOTH_WAYS: [string, string][] = [
  ['content-type', 'application/json'],
  ['accept', 'application/json'],
];

let asked = 0;
/** A body as it comes from the wire: other variables each time. */
const body = () =>
  JSON.stringify({
    variables: { identifier: { type: 'UIN', value: String(1e7 + asked++) }, birthDate: '1960-01-01', surname: 'Ekiru', program: 'OPCT' },
  });
const who = () => ({ principal, requestId: 'request', signal: new AbortController().signal });

const WAYS = {
  'text, through Apollo Server': async () => {
    const answer = await graph.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers: new HeaderMap(JSON_BOTH_WAYS),
        search: '',
        body: { query: text, ...JSON.parse(body()) },
      },
      context: async () => who(),
    });
    return answer.body.kind === 'complete' ? answer.body.string : '';
  },
  'registered, lean': async () => {
    const { variables } = JSON.parse(body());
    return (await graph.registered.answer(documentId, { ...who(), variables, operationName: undefined, accept: 'application/json' })).body;
  },
  'bare engine': async () => {
    const caller = { key: null, call: async ({ subgraph }: { readonly subgraph: string }) => answerOf(subgraph) };
    return `${JSON.stringify(await engine.answer({ query: text, ...JSON.parse(body()) }, caller, new AbortController().signal))}\n`;
  },
} as const;
type Way = keyof typeof WAYS;
const names = Object.keys(WAYS) as Way[];

/** CPU microseconds of this process for one request. */
async function cost(way: Way): Promise<number> {
  const before = process.cpuUsage();
  for (let done = 0; done < requests; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, WAYS[way]));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
}

const answers = new Set(await Promise.all(names.map((way) => WAYS[way]())));
if (answers.size !== 1) throw new Error(`The ways do not answer alike:\n${[...answers].join('')}`);
for (const way of names) for (let i = 0; i < 5; i++) await cost(way);
const costs: Record<Way, number[]> = { 'text, through Apollo Server': [], 'registered, lean': [], 'bare engine': [] };
for (let round = 0; round < rounds; round++) for (const way of names) costs[way].push(await cost(way));

const ratio = (way: Way, to: Way) => short(median(costs[way].map((c, i) => c / costs[to][i]!)));
console.log(
  table(
    ['VerifyBeneficiary, gateway alone', 'CPU µs, median', 'least', 'of the lean way', 'of the bare engine'],
    names.map((way) => [
      way,
      short(median(costs[way])),
      short(Math.min(...costs[way])),
      ratio(way, 'registered, lean'),
      ratio(way, 'bare engine'),
    ]),
  ),
);
await graph.stop();
