import { getEventListeners } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { json, type Misbehaving, misbehaving } from '../../e2e/faults/misbehaving.ts';
import { type HttpOptions, httpTransport } from './transport.http.ts';
import type { Transport } from './transport.ts';
import type { SubgraphCall } from './types.ts';

let server: Misbehaving;
let transport: Transport;
const never = new AbortController().signal;
const call = (variables: Record<string, unknown> = {}): SubgraphCall => ({
  subgraph: 'persons',
  query: '{ a "quoted" }',
  variables,
  operation: 'query',
});

async function open(options: Partial<HttpOptions> = {}): Promise<void> {
  server = await misbehaving(json({ data: { a: 1 } }));
  transport = httpTransport({ subgraph: 'persons', url: server.url, ...options });
}
afterEach(async () => {
  await server.stop();
  await transport.close();
});
const until = async (condition: () => boolean) => {
  for (let i = 0; i < 400 && !condition(); i++) await sleep(5);
  expect(condition()).toBe(true);
};

test('a call carries text and variables, the headers of the subgraph and its own, and no others', async () => {
  await open({ headers: { 'x-of': 'the subgraph' } });
  let body: unknown;
  server.behave = (request, response, sent) => {
    body = sent;
    json({ data: { a: 1 }, extensions: { report: 1 } })(request, response, sent);
  };
  expect(await transport.send(call({ id: 'ä€😀' }), never, { 'x-own': 'this call' })).toEqual({
    data: { a: 1 },
    errors: undefined,
    extensions: { report: 1 },
  });
  expect(body).toEqual({ query: '{ a "quoted" }', variables: { id: 'ä€😀' } });
  const { host: _, connection: __, 'content-length': ___, ...headers } = server.requests[0]!.headers;
  expect([server.requests[0]!.method, server.requests[0]!.url, headers]).toEqual([
    'POST',
    '/graphql',
    {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      'x-of': 'the subgraph',
      'x-own': 'this call',
    },
  ]);
});

test('an answer in many small pieces, cut within characters, is put together', async () => {
  await open();
  const text = JSON.stringify({ data: { a: 'ä€😀'.repeat(200) } });
  server.behave = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    for (const byte of Buffer.from(text)) response.write(Buffer.from([byte]));
    response.end();
  };
  expect((await transport.send(call(), never)).data).toEqual({ a: 'ä€😀'.repeat(200) });
});

describe('connections', () => {
  // The library frees a connection a moment after the answer is told: the next call may take a second one.
  test('are kept: calls one after another use one or two', async () => {
    await open();
    for (let i = 0; i < 50; i++) await transport.send(call(), never);
    expect(server.opened).toBeLessThanOrEqual(2);
  });

  test('are limited: what comes in excess waits its turn, and no answer is lost', async () => {
    await open({ connections: 3 });
    let most = 0;
    let now = 0;
    server.behave = (request, response, sent) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        json({ data: { a: sent.variables.i } })(request, response, sent);
      }, 2);
    };
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => transport.send(call({ i }), never)));
    expect([answers.map((a) => a.data?.a), most, server.opened]).toEqual([Array.from({ length: 60 }, (_, i) => i), 3, 3]);
  });

  test('that all hang: waiting has an end, and whoever leaves makes room', async () => {
    await open({ connections: 1, waiting: 2 });
    server.behave = () => {};
    const clients = Array.from({ length: 3 }, () => new AbortController());
    const replies = clients.map(({ signal }) => transport.send(call(), signal));
    await expect(transport.send(call(), never)).rejects.toMatchObject({ fault: 'BUSY' });
    clients[1]!.abort();
    await expect(replies[1]).rejects.toMatchObject({ fault: 'ABORTED' });
    const next = transport.send(call(), never);
    await until(() => server.requests.length === 1);
    server.behave = json({ data: { a: 2 } });
    clients[0]!.abort();
    await expect(replies[0]).rejects.toMatchObject({ fault: 'ABORTED' });
    expect([await replies[2], await next].map((r) => r?.data)).toEqual([{ a: 2 }, { a: 2 }]);
  });

  test('of calls that nobody waits for are closed, which tells the subgraph', async () => {
    await open();
    let hasHeard = false;
    server.behave = (_, response) => void response.on('close', () => (hasHeard = true));
    const client = new AbortController();
    const reply = transport.send(call(), client.signal);
    await until(() => server.requests.length === 1);
    client.abort();
    await expect(reply).rejects.toMatchObject({ fault: 'ABORTED' });
    await until(() => hasHeard && server.open.size === 0);
  });

  test('are not opened for a client that has left already', async () => {
    await open();
    await expect(transport.send(call(), AbortSignal.abort())).rejects.toMatchObject({ fault: 'ABORTED' });
    await sleep(20);
    expect(server.opened).toBe(0);
  });

  test('that the subgraph closes while they are idle are made anew', async () => {
    await open();
    await transport.send(call(), never);
    for (const socket of server.open as Set<Socket>) socket.destroy();
    await until(() => server.open.size === 0);
    await sleep(20);
    expect((await transport.send(call(), never)).data).toEqual({ a: 1 });
  });
});

test('nothing is left behind by ten thousand calls: no listener, no connection', async () => {
  await open();
  const { signal } = new AbortController();
  let left = 10_000;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (left-- > 0) await transport.send(call(), signal);
    }),
  );
  expect([getEventListeners(signal, 'abort').length, server.requests.length, server.opened <= 32]).toEqual([0, 10_000, true]);
});
