import { request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { createListener, type Front } from './listener.ts';
import { servePlayground } from './playground.ts';
import type { PlaygroundHelp } from './playground.types.ts';

const help: PlaygroundHelp = {
  personas: async () => [
    {
      name: 'clerk',
      title: 'A clerk',
      organization: 'An office',
      purposes: [{ purpose: 'POLICY', disclosure: 'HIDE', lawfulBasis: 'PUBLIC_TASK', token: 'secret' }],
    },
  ],
  examples: async () => ({ surname: 'Ekal' }),
};

let http: FastifyInstance;
afterEach(() => http?.close());

async function serve(given?: PlaygroundHelp): Promise<number> {
  http = Fastify();
  servePlayground(http, '/nonexistent', given);
  return Number(new URL(await http.listen({ host: '127.0.0.1', port: 0 })).port);
}

// fetch sets the Host header itself, and that is what a name made to lead to this address cannot.
const get = (port: number, path: string, host: string) =>
  new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      readText(answer).then((text) => resolve({ status: answer.statusCode, text }), reject);
    });
    asked.on('error', reject).end();
  });

test('personas and their tokens are given to pages of this computer', async () => {
  const port = await serve(help);
  for (const host of ['localhost:4000', '127.0.0.1', '[::1]:4000'])
    expect([host, JSON.parse((await get(port, '/playground/personas', host)).text)]).toEqual([host, await help.personas()]);
  expect(JSON.parse((await get(port, '/playground/examples', 'localhost')).text)).toEqual({ surname: 'Ekal' });
});

test('a page of another name gets no token, even when the name leads here', async () => {
  const port = await serve(help);
  for (const host of ['evil.example', 'localhost.evil.example:4000', '127.0.0.1.evil.example', '127.0.0.1@evil.example']) {
    const { status, text } = await get(port, '/playground/personas', host);
    expect([host, status === 200, text.includes('secret')]).toEqual([host, false, false]);
  }
});

test('without personas the routes are not there', async () => {
  const port = await serve();
  expect((await get(port, '/playground/personas', 'localhost')).status).toBe(404);
  expect((await get(port, '/playground/examples', 'localhost')).status).toBe(404);
});

test('a gateway in production does not start with personas', () => {
  const front = { config: { environment: 'production' }, playgroundHelp: help } as unknown as Front;
  expect(() => createListener(front)).toThrow('A gateway in production hands out no tokens.');
});
