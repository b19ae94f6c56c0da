import type { Socket } from 'node:net';
import { errorBody, FrontRefusal } from './errors.ts';
import { ANSWER_HEADERS } from './headers.ts';

const REFUSALS: Readonly<Record<string, () => FrontRefusal>> = {
  HPE_HEADER_OVERFLOW: () => new FrontRefusal(431, 'The headers of the request are too large.', 'LIMIT_EXCEEDED'),
  ERR_HTTP_REQUEST_TIMEOUT: () => new FrontRefusal(408, 'The request took too long to arrive.'),
};
const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };

/** Answers bytes that are no HTTP request, in the shape of all other errors, and closes the connection: what follows on it cannot be trusted. */
export function answerMalformed(error: { code: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const refusal = Object.hasOwn(REFUSALS, error.code) ? REFUSALS[error.code]?.() : undefined;
  const { status, body } = refusal
    ? { status: refusal.status, body: errorBody(refusal) }
    : { status: 400, body: errorBody(new FrontRefusal(400, 'The request is not HTTP.')) };
  const headers = Object.entries({
    ...ANSWER_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  if (socket.writable) socket.end(`HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\n${headers.join('')}\r\n${body}`);
  else socket.destroy();
}
