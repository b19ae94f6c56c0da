import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditRecord, HOP_HEADER, hopKey, verifyHop } from '@commonweal/schema';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRemote, type RemoteSubgraph, remoteRegistrar } from './main.remote.ts';

const secret = Buffer.from('a secret of thirty-two bytes or more');
let server: Server;
let port: number;
let remote: RemoteSubgraph;
let answer: (request: IncomingMessage, reply: ServerResponse, body: string) => void;

beforeAll(async () => {
  server = createServer((request, reply) => {
    let body = '';
    request
      .setEncoding('utf8')
      .on('data', (chunk: string) => (body += chunk))
      .on('end', () => answer(request, reply, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  remote = openRemote({ name: 'consent', url: new URL(`http://127.0.0.1:${port}/base/`), secret, timeoutMs: 2000 });
});
afterEach(() => remote.close());

const json = (reply: ServerResponse, status: number, value: unknown) =>
  reply.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
const request = { query: '{ a }', variables: { x: 1 }, hop: 'the-hop' };

describe('a fetch from a registry that is a process of its own', () => {
  test('carries operation and hop, and nothing else of the caller', async () => {
    let seen: unknown;
    answer = ({ method, url, headers }, reply, body) => {
      const { host: _, connection: __, 'content-length': ___, ...rest } = headers;
      seen = { method, url, headers: rest, body: JSON.parse(body) };
      json(reply, 200, { data: { a: 1 }, extensions: { report: {} } });
    };
    expect(await remote.transport.fetch(request)).toEqual({ data: { a: 1 }, extensions: { report: {} } });
    expect(seen).toEqual({
      method: 'POST',
      url: '/base/graphql',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        [HOP_HEADER]: 'the-hop',
      },
      body: { query: '{ a }', variables: { x: 1 } },
    });
  });

  test('hands over errors of the registry, whatever the status', async () => {
    const errors = [{ message: 'This registry answers the gateway only.', extensions: { code: 'UNAUTHENTICATED' } }];
    answer = (_, reply) => json(reply, 401, { errors });
    expect(await remote.transport.fetch(request)).toEqual({ errors });
  });

  test('fails when something else answers, or nothing', async () => {
    answer = (_, reply) => reply.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    await expect(remote.transport.fetch(request)).rejects.toThrow('consent answered 502, and not with JSON');
    for (const value of [null, [], {}, { errors: [] }, 'text']) {
      answer = (_, reply) => json(reply, 200, value);
      await expect(remote.transport.fetch(request)).rejects.toMatchObject({ fault: 'NOT_GRAPHQL' });
    }
    answer = (_, reply) => reply.writeHead(200, { 'content-type': 'application/json' }).end('{"data":');
    await expect(remote.transport.fetch(request)).rejects.toThrow('JSON');
    answer = (_, reply) => void reply.destroy();
    await expect(remote.transport.fetch(request)).rejects.toThrow('other side closed');
  });

  test('is broken off by its signal', async () => {
    let isGone = false;
    answer = (_, reply) => void reply.on('close', () => (isGone = true));
    const controller = new AbortController();
    const fetching = remote.transport.fetch(request, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expect(fetching).rejects.toMatchObject({ fault: 'ABORTED' });
    for (let i = 0; i < 100 && !isGone; i++) await sleep(5);
    expect(isGone).toBe(true);
  });
});

test('readiness is what the registry says of itself', async () => {
  const signal = AbortSignal.timeout(1000);
  answer = ({ url }, reply) => json(reply, url === '/base/health/ready' ? 200 : 404, { status: 'ready', missing: [] });
  expect(await remote.ready(signal)).toEqual([]);
  answer = (_, reply) => json(reply, 503, { missing: ['consent: the database does not answer'] });
  expect(await remote.ready(signal)).toEqual(['consent: the database does not answer']);
  answer = (_, reply) => reply.writeHead(500).end('oops');
  expect(await remote.ready(signal)).toEqual(['the consent subgraph is not ready (500)']);
});

describe('calls between our own processes', () => {
  test('are signed over their body, for this registry only, by nobody in particular', async () => {
    const calls: unknown[] = [];
    answer = ({ url, headers }, reply, body) => {
      const hop = String(headers[HOP_HEADER]);
      const check = (name: string, text: string) =>
        verifyHop(hopKey(secret, name), hop, name, text, Date.now() / 1000, { firstTime: () => true });
      const good = check('consent', body);
      calls.push([
        url,
        JSON.parse(body),
        'hop' in good && good.hop.principal.consumer,
        check('consent', `${body} `),
        check('persons', body),
      ]);
      json(reply, 200, url?.endsWith('policies') ? { epoch: 3, consumers: {}, policies: [] } : null);
    };
    const registrar = remoteRegistrar(remote);
    expect(await registrar.policies(2)).toEqual({ epoch: 3, consumers: {}, policies: [] });
    await registrar.audit([{ id: 'r' } as AuditRecord]);
    const refused = [{ fault: 'OTHER_QUERY' }, { fault: 'BAD_SIGNATURE' }];
    expect(calls).toEqual([
      ['/base/internal/policies', { knownEpoch: 2 }, 'commonweal', ...refused],
      ['/base/internal/audit', [{ id: 'r' }], 'commonweal', ...refused],
    ]);
  });

  test('reject unless they are answered with 200: an audit record is not written by a 503', async () => {
    answer = (_, reply) => json(reply, 503, { error: 'UNAVAILABLE' });
    await expect(remoteRegistrar(remote).audit([])).rejects.toThrow('consent answered 503 to audit');
  });
});
