import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { type Behavior, json } from './misbehaving.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };
const MEGABYTE = Buffer.alloc(1 << 20, 'x');

/** Writes without end, or so many megabytes, no faster than they are taken. */
const pour = (response: ServerResponse, megabytes: number): void => {
  const pieces = function* () {
    yield '{"data":{"a":"';
    for (let i = 0; i < megabytes; i++) yield MEGABYTE;
  };
  // The client breaks off: that is the point.
  pipeline(Readable.from(pieces()), response).catch(() => {});
};

/** Takes the request and never answers. */
export const hang: Behavior = () => {};

/** Ends the connection the hard way, before a byte of the answer. */
export const resetAtOnce: Behavior = ({ socket }) => void socket.resetAndDestroy();

/** Closes the connection without a word. */
export const closeAtOnce: Behavior = ({ socket }) => void socket.destroy();

/** Begins to answer, and ends the connection within the body. */
export const resetWithin: Behavior = ({ socket }, response) => {
  response.writeHead(200, JSON_HEADERS).write('{"data":{"a":', () => setTimeout(() => socket.resetAndDestroy(), 20));
};

/** Says how long the answer is, and ends before. */
export const endTooEarly: Behavior = ({ socket }, response) => {
  response.writeHead(200, { ...JSON_HEADERS, 'content-length': 1000 }).write('{"data":null}', () => setTimeout(() => socket.end(), 20));
};

/** What a proxy says for a server that is not there. */
export const pageOfAProxy: Behavior = (_, response) => {
  response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
};

/** A failure in GraphQL's own words. */
export const failureInGraphql: Behavior = json({ errors: [{ message: 'no database', extensions: { code: 'NO_DATABASE' } }] }, 500);

/** A failure in JSON, and not in GraphQL's words. */
export const failureInJson: Behavior = json({ error: 'no database' }, 500);

/** A failure that looks like data. */
export const failureWithData: Behavior = json({ data: {} }, 503);

/** Two hundred megabytes, announced. */
export const huge: Behavior = (_, response) => {
  response.writeHead(200, { ...JSON_HEADERS, 'content-length': 200 * (1 << 20) + 14 });
  pour(response, 200);
};

/** An answer that never ends. */
export const endless: Behavior = (_, response) => {
  response.writeHead(200, JSON_HEADERS);
  pour(response, Number.POSITIVE_INFINITY);
};

/** An answer that never ends, and comes a byte at a time, so that no pause is ever long. */
export const endlessTrickle: Behavior = (_, response) => {
  response.writeHead(200, JSON_HEADERS);
  const timer = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(timer));
};

/** Headers without end. */
export const hugeHeaders: Behavior = ({ socket }) => {
  socket.on('error', () => {});
  socket.write('HTTP/1.1 200 OK\r\n');
  for (let i = 0; i < 100; i++) socket.write(`x-${i}: ${'x'.repeat(1000)}\r\n`);
};

/** Something that is not HTTP. */
export const noHttp: Behavior = ({ socket }) => void socket.end('hello, this is a mail server\r\n');

/** Begins a JSON text and ends it in the middle. */
export const halfJson: Behavior = (_, response) => void response.writeHead(200, JSON_HEADERS).end('{"data":');

/** No body. */
export const nothing: Behavior = (_, response) => void response.writeHead(204, JSON_HEADERS).end();

/** JSON that says that it is something else. */
export const asText: Behavior = (_, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end('{"data":{}}');

/** A packed answer, which was not asked for. */
export const packed: Behavior = (_, response) =>
  void response.writeHead(200, { ...JSON_HEADERS, 'content-encoding': 'gzip' }).end(gzipSync('{"data":{}}'));

/** Sends the client elsewhere. */
export const redirect: Behavior = (_, response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/graphql' }).end();

/** Answers as another one does, but later. */
export const late =
  (ms: number, behavior: Behavior): Behavior =>
  (request, response, sent) =>
    void setTimeout(() => behavior(request, response, sent), ms);

/** Nested so deep that whoever walks it by recursion falls. */
export const deep: Behavior = (_, response) =>
  void response.writeHead(200, JSON_HEADERS).end(`{"data":{"_entities":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`);
