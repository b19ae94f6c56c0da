import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FrontRefusal } from './errors.ts';

/** A request for an operation: its text, or the id under which it is registered. Checked; never both. */
export type Operation = {
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
} & (
  | { readonly query: string; readonly documentId?: null | undefined }
  | { readonly query?: null | undefined; readonly documentId: string }
);

const decoder = new TextDecoder('utf-8', { fatal: true });
// JSON.parse makes `__proto__` an own property; whoever later assigns it key by key changes the prototype.
const POISON = { proto: 'error', constructor: 'error' } as const;

/** Lets a listener read bodies as JSON in UTF-8 and nothing else: no other type or charset, nothing compressed, no key that poisons a prototype. */
export function acceptJsonOnly(http: FastifyInstance): void {
  const parse = http.getDefaultJsonParser(POISON.proto, POISON.constructor);
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request: FastifyRequest, bytes: Buffer, done) => {
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      return done(new FrontRefusal(400, 'The body of the request is not UTF-8.'));
    }
    return parse(request, text, done);
  });
}

/** Refuses a body by what its headers say of it, before a byte of it is read. */
export function checkBodyHeaders(headers: FastifyRequest['headers']): void {
  // Inflating is how a small request becomes a large one.
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') throw new FrontRefusal(415, 'Send the body uncompressed.');
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw new FrontRefusal(415, 'Send the body in UTF-8.');
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

/** Checks that a body is one operation: a query or the id of a registered one, with its variables. Batches and queries kept by a hash on the way are refused. */
export function checkOperation(body: unknown): asserts body is Operation {
  if (Array.isArray(body)) throw new FrontRefusal(400, 'Send one operation per request.');
  if (!isObject(body)) throw new FrontRefusal(400, 'The body of the request is not a JSON object.');
  const { query, documentId, variables, operationName, extensions } = body;
  if (isAbsent(documentId)) {
    if (typeof query !== 'string' || query === '') throw new FrontRefusal(400, 'The request has no "query".');
  } else if (typeof documentId !== 'string') throw new FrontRefusal(400, '"documentId" is not a text.');
  else if (!isAbsent(query)) throw new FrontRefusal(400, 'Send a "query" or a "documentId", not both.');
  if (!isAbsent(variables) && !isObject(variables)) throw new FrontRefusal(400, '"variables" is not an object.');
  if (!isAbsent(operationName) && typeof operationName !== 'string') throw new FrontRefusal(400, '"operationName" is not a text.');
  if (!isAbsent(extensions) && !isObject(extensions)) throw new FrontRefusal(400, '"extensions" is not an object.');
  if (isObject(extensions) && Object.hasOwn(extensions, 'persistedQuery'))
    throw new FrontRefusal(400, 'Operations are not kept by hash on the way; send the text, or the documentId of a registered one.');
}

/** The operation in the query string of a GET, checked like a body. */
export function operationOfSearch(http: FastifyInstance, request: FastifyRequest, search: string): Operation {
  const parameters = new URLSearchParams(search);
  const once = (name: string) => {
    const values = parameters.getAll(name);
    if (values.length > 1) throw new FrontRefusal(400, `"${name}" is there twice.`);
    return values[0];
  };
  const json = (name: string): unknown => {
    const text = once(name);
    if (text === undefined) return undefined;
    let parsed: unknown;
    // It calls back before it returns.
    void http.getDefaultJsonParser(POISON.proto, POISON.constructor)(request, text, (error, value) => {
      if (error) throw new FrontRefusal(400, `"${name}" is not JSON.`);
      parsed = value;
    });
    return parsed;
  };
  const operation: unknown = {
    query: once('query'),
    documentId: once('documentId'),
    operationName: once('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  };
  checkOperation(operation);
  return operation;
}
