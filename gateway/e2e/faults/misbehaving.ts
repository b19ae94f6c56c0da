import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Answers a request, or does something else with it. `body` is what was sent, parsed. */
export type Behavior = (request: IncomingMessage, response: ServerResponse, body: Sent) => void;

/** What a subgraph is sent. */
export interface Sent {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A server in the place of a subgraph, behind a real socket, that does what it is told. */
export interface Misbehaving {
  readonly url: URL;
  /** What it does with the next requests. */
  behave: Behavior;
  /** Requests that came, since the start. */
  readonly requests: IncomingMessage[];
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  /** Connections that were opened since the start. */
  readonly opened: number;
  stop(): Promise<void>;
}

/** Starts a server that behaves as told, on a free port. */
export async function misbehaving(behave: Behavior): Promise<Misbehaving> {
  const open = new Set<Socket>();
  const requests: IncomingMessage[] = [];
  let opened = 0;
  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    requests.push(request);
    // A client that breaks off is what these tests are about.
    request.on('error', () => {});
    response.on('error', () => {});
    let text = '';
    request
      .setEncoding('utf8')
      .on('data', (piece: string) => (text += piece))
      .on('end', () => told.behave(request, response, text === '' ? { query: '', variables: {} } : (JSON.parse(text) as Sent)));
  });
  server.on('connection', (socket) => {
    opened += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const told: Misbehaving = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`),
    behave,
    requests,
    open,
    get opened() {
      return opened;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return told;
}

/** Answers with a value as JSON. */
export const json =
  (value: unknown, status = 200): Behavior =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
  };
