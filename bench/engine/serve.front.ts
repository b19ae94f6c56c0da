import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Engine, EngineRequest } from '@commonweal/gateway/execute/engine.ts';
import { type AnswerText, answerEach } from '@commonweal/gateway/execute/requests.ts';
import type { Headers, openWay } from '@commonweal/gateway/execute/transport.ts';

/** What a front needs. */
export interface FrontOptions {
  readonly engine: Engine;
  /** How requests are answered; each for itself unless told otherwise. */
  readonly answerText?: AnswerText;
  readonly way: ReturnType<typeof openWay>;
  readonly host: string;
  readonly port: number;
}

/** Bytes of a request at the most. */
const LARGEST_BODY = 1_000_000;

/** The only addresses it listens on: there is no access control behind them. */
const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** Throws `RangeError` for an address on which others could reach it. */
export function refuseOthers(host: string): void {
  if (!LOOPBACK.includes(host))
    throw new RangeError(`There is no access control here: it listens on ${LOOPBACK.join(', ')} only, not on ${host}.`);
}

/** Throws `RangeError` for an address that is not this machine's own. POST with JSON to any path is answered; the Authorization header goes on to the subgraphs, and whoever has the same one shares their answers. */
export async function startFront({ engine, answerText = answerEach(engine), way, host, port }: FrontOptions): Promise<Server> {
  refuseOthers(host);
  function ask(body: string, { authorization }: IncomingMessage['headers'], signal: AbortSignal) {
    const headers: Headers = authorization ? { authorization } : {};
    return answerText(JSON.parse(body) as EngineRequest, way({ key: authorization ?? '', headers: () => headers }), signal);
  }
  const server = createServer((request, response) => {
    if (request.method !== 'POST') return end(response, 405, '{"errors":[{"message":"POST it."}]}');
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
      if (body.length > LARGEST_BODY) request.destroy();
    });
    request.on('end', () => {
      const gone = new AbortController();
      response.once('close', () => response.writableFinished || gone.abort());
      answer(body, request, gone.signal).then(
        (text) => end(response, 200, text),
        (error: unknown) => end(response, 400, JSON.stringify({ errors: [{ message: String(error) }] })),
      );
    });
  });
  const answer = async (body: string, request: IncomingMessage, signal: AbortSignal) => ask(body, request.headers, signal);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

function end(response: ServerResponse, status: number, text: string): void {
  const bytes = Buffer.byteLength(text);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes });
  // Text of as many bytes as characters is ASCII, which is written with less work when that is said.
  response.end(text, bytes === text.length ? 'latin1' : 'utf8');
}
