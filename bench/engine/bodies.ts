import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Told of a request when its whole body has come. */
export type OnBody = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** Starts a server on a free port; resolves with its origin. It keeps connections longer than any gateway of the bench does. */
export async function serveBodies(told: OnBody): Promise<string> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => told(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
