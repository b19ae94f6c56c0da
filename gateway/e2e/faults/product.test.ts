import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeGateway, startFakeGateway } from '@commonweal/gateway/graph.fake/gateway.ts';
import { HOP_SECRET } from '@commonweal/gateway/graph.fake/registry.ts';
import { openRemote, type RemoteSubgraph } from '@commonweal/gateway/main.remote.ts';
import { ANONYMOUS } from '@commonweal/schema';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as is from './behaviors.ts';
import { type Behavior, json, type Misbehaving, misbehaving } from './misbehaving.ts';

const answer = json({ data: { programs: { nodes: [{ code: 'OPCT' }] } }, extensions: { report: { subgraph: 'programs' } } });
const QUERY = '{ programs(first: 1) { nodes { code } } }';
let registry: Misbehaving;
let remote: RemoteSubgraph;
let gateway: FakeGateway;

beforeAll(async () => {
  registry = await misbehaving(answer);
  remote = openRemote({ name: 'programs', url: registry.url, secret: HOP_SECRET, timeoutMs: 5000 });
  gateway = await startFakeGateway({ registryOf: () => remote.transport });
});
afterAll(async () => {
  await gateway?.stop();
  await registry.stop();
  await remote.close();
});
afterEach(() => {
  registry.behave = answer;
});

const ask = async () => (await gateway.post(ANONYMOUS, { query: QUERY })).json();

describe('a registry that', () => {
  const faults: readonly [string, Behavior][] = [
    ['resets the connection', is.resetAtOnce],
    ['resets the connection within its answer', is.resetWithin],
    ['answers 200 MB', is.huge],
    ['answers without end', is.endless],
    ['sits behind a proxy that shows a page', is.pageOfAProxy],
    ['answers half a JSON text', is.halfJson],
    ['packs its answer', is.packed],
    ['sends the gateway elsewhere', is.redirect],
    ['gives a list as data', json({ data: [] })],
  ];
  test.each(faults)('%s is a registry that cannot answer now: the caller is told that, and no more', async (_, behavior) => {
    registry.behave = behavior;
    const told = JSON.stringify(await ask());
    expect(JSON.parse(told).errors).toEqual([
      expect.objectContaining({ message: expect.any(String), extensions: { code: 'UNAVAILABLE' } }),
    ]);
    expect(told).not.toMatch(/SUBGRAPH|ECONN|127\.0\.0\.1|Bad gateway/);
    registry.behave = answer;
    expect(await ask()).toEqual({ data: { programs: { nodes: [{ code: 'OPCT' }] } } });
  });

  test('fails in words of its own: they are not told', async () => {
    registry.behave = json({ errors: [{ message: 'canary', path: null, extensions: { code: 'SQL', sql: 'canary' } }, null] }, 500);
    const told = JSON.stringify(await ask());
    expect(told).not.toContain('canary');
    expect((JSON.parse(told) as { errors: { extensions: object }[] }).errors[0]!.extensions).toMatchObject({ code: 'INTERNAL' });
  });
});

test('a caller that leaves stops the work of the registry', async () => {
  let isClosed = false;
  registry.behave = (request) => void request.socket.on('close', () => (isClosed = true));
  const client = new AbortController();
  const before = registry.requests.length;
  const asking = fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
    signal: client.signal,
  }).catch(() => 'left');
  for (let i = 0; i < 400 && registry.requests.length === before; i++) await sleep(5);
  client.abort();
  expect(await asking).toBe('left');
  for (let i = 0; i < 400 && !isClosed; i++) await sleep(5);
  expect(isClosed).toBe(true);
});

test('public facts that many ask for at once are fetched once, and each request has its own audit record', async () => {
  registry.behave = is.late(300, answer);
  const [requests, records] = [registry.requests.length, gateway.records.length];
  const answers = await Promise.all(Array.from({ length: 10 }, ask));
  expect(answers).toEqual(Array(10).fill({ data: { programs: { nodes: [{ code: 'OPCT' }] } } }));
  expect(registry.requests.length - requests).toBeLessThan(10);
  expect(gateway.records.slice(records).map((r) => r.reports)).toEqual(Array(10).fill([{ subgraph: 'programs' }]));
});
