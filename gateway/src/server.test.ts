import { setTimeout as sleep } from 'node:timers/promises';
import {
  ERROR_CODES,
  type OperationSource,
  type PolicySnapshot,
  type Registrar,
  referenceSnapshot,
  SUBGRAPHS,
  type SubgraphName,
  type SubgraphRequest,
  type SubgraphTransport,
} from '@commonweal/schema';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestIssuer, testIssuer } from './authn/authn.examples.ts';
import { createGateway, type Gateway } from './server.ts';

const SNAPSHOT = referenceSnapshot({ programs: {}, providers: { HIGHLAND: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' } });

let issuer: TestIssuer;
let gateway: Gateway;
let policies: PolicySnapshot | null;
let audited: number;
let isAuditBroken: boolean;
const fetched: (SubgraphRequest & { subgraph: SubgraphName })[] = [];

const registrar: Registrar & OperationSource = {
  async policies(known) {
    if (!policies) throw new Error('no database');
    return policies.epoch === known ? null : policies;
  },
  operations: async (known) => (known === 1 ? null : { epoch: 1, operations: [] }),
  async audit(records) {
    if (isAuditBroken) throw new Error('no database');
    audited += records.length;
  },
};
const transport = (subgraph: SubgraphName): SubgraphTransport => ({
  async fetch(request) {
    fetched.push({ subgraph, ...request });
    return { data: { programs: { nodes: [{ code: 'OPCT' }] } } };
  },
});
async function start(): Promise<void> {
  gateway = await createGateway(issuer.config({ COMMONWEAL_LOG_LEVEL: 'silent' }), {
    transports: Object.fromEntries(SUBGRAPHS.map((name) => [name, transport(name)])) as Record<SubgraphName, SubgraphTransport>,
    registrar,
  });
}
const ask = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const ready = async () => (await fetch(`${gateway.url}/health/ready`)).json();

beforeAll(async () => {
  issuer = await testIssuer();
});
afterAll(() => issuer.remove());
beforeEach(() => {
  policies = SNAPSHOT;
  audited = 0;
  isAuditBroken = false;
  fetched.length = 0;
});
afterEach(() => gateway?.stop());

test('a request goes through all steps: a signed fetch, an audit record, an answer', async () => {
  await start();
  const answer = await ask({ query: '{ programs(first: 1) { nodes { code } } }' }, { 'x-commonweal-hop': 'forged' });
  expect([answer.status, await answer.json()]).toEqual([200, { data: { programs: { nodes: [{ code: 'OPCT' }] } } }]);
  expect(
    fetched.map(({ subgraph, query, hop }) => [subgraph, query.includes('code'), hop.split('.').length, hop.includes('forged')]),
  ).toEqual([['programs', true, 2, false]]);
  expect(audited).toBe(1);
  expect(await ready()).toEqual({ status: 'ready', missing: [] });
});

test('without policies nothing is allowed, nothing is fetched, and the gateway says that it is not ready', async () => {
  policies = null;
  await start();
  expect((await ask({ query: '{ programs(first: 1) { nodes { code } } }' })).status).toBeGreaterThanOrEqual(400);
  expect(fetched).toEqual([]);
  expect(await ready()).toEqual({ status: 'not ready', missing: ['no sharing policies are loaded, so nothing is allowed'] });
});

test('an answer whose audit record cannot be written is not sent, and the gateway says so', async () => {
  await start();
  isAuditBroken = true;
  const answer = await ask({ query: '{ programs(first: 1) { nodes { code } } }' });
  expect([answer.status, (await answer.text()).includes('OPCT')]).toEqual([503, false]);
  expect(await ready()).toEqual({ status: 'not ready', missing: ['audit records cannot be written, or their seal lags'] });
});

test('whatever is sent, the code of the error is one of the closed list', async () => {
  await start();
  const hash = 'a'.repeat(64);
  const bodies: unknown[] = [
    '',
    {},
    [],
    [{ query: '{ programs { nodes { code } } }' }],
    { query: '{' },
    { query: '{ nothing }' },
    { query: 'subscription { programs }' },
    { query: 'query A { a } query B { b }' },
    { query: '{ __schema { types { name } } }', extensions: { persistedQuery: { version: 1, sha256Hash: hash } } },
    { query: '{ _service { sdl } }' },
    { query: '{ _entities(representations: [{ __typename: "Person", income: 999999 }]) { __typename } }' },
    { query: `{ ${'a: __typename '.repeat(3000)} }` },
    { query: 'query($x: Int!) { programs(first: $x) { nodes { code } } }', variables: { x: 'canary' } },
  ];
  for (const body of bodies) {
    const answer = await ask(body);
    const { errors } = (await answer.json()) as { errors: { message: string; extensions: { code: string } }[] };
    const unlisted = errors.map(({ extensions }) => extensions.code).filter((code) => !Object.hasOwn(ERROR_CODES, code));
    expect({ body, unlisted, isRefused: answer.status >= 400 && errors.length > 0 }).toEqual({ body, unlisted: [], isRefused: true });
  }
  const crossSite = await fetch(`${gateway.url}/graphql?query={__typename}`);
  expect([crossSite.status, ((await crossSite.json()) as { errors: { extensions: object }[] }).errors[0]?.extensions]).toEqual([
    400,
    { code: 'BAD_USER_INPUT' },
  ]);
  expect(fetched).toEqual([]);
});

test('a port that is taken fails the start, and leaves nothing running', async () => {
  await start();
  const { port } = new URL(gateway.url);
  const config = issuer.config({ COMMONWEAL_PORT: port, COMMONWEAL_LOG_LEVEL: 'silent' });
  const transports = Object.fromEntries(SUBGRAPHS.map((name) => [name, transport(name)])) as Record<SubgraphName, SubgraphTransport>;
  let asked = 0;
  const counting: Registrar & OperationSource = {
    ...registrar,
    policies(known) {
      asked++;
      return registrar.policies(known);
    },
  };
  await expect(createGateway(config, { transports, registrar: counting })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const askedBefore = asked;
  await sleep(600);
  expect(asked).toBe(askedBefore);
});
