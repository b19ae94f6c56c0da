import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { httpTransport } from './transport.http.ts';

// A key that both sides know takes the place of certificates, which would have to be made for the test.
const SHARED = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;
const psk = Buffer.from('a key that both sides know');

test('TLS is used as told, and without being told a stranger is not trusted', async () => {
  const server = createServer({ ...SHARED, pskCallback: (_socket, identity) => (identity === 'gateway' ? psk : null) }, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"a":1}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const reached = { subgraph: 'persons', url: new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`) };
  const never = new AbortController().signal;
  const call = { query: '{ a }', variables: {} };

  const trusted = httpTransport({
    ...reached,
    tls: { ...SHARED, pskCallback: () => ({ psk, identity: 'gateway' }), checkServerIdentity: () => undefined },
  });
  expect((await trusted.send(call, never)).data).toEqual({ a: 1 });
  const stranger = httpTransport(reached);
  await expect(stranger.send(call, never)).rejects.toMatchObject({ fault: 'UNREACHABLE' });
  await Promise.all([trusted.close(), stranger.close()]);
  server.closeAllConnections();
  server.close();
});
