import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FrontRefusal } from './errors.ts';
import type { PlaygroundHelp } from './playground.types.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

// Only what this server itself sends may run, and it may talk to this server only. Editors set style attributes.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Where the built playground is in this repository. */
export const PLAYGROUND_FOLDER = path.resolve(import.meta.dirname, '../../../web/playground/dist');

/**
 * Routes `/playground` to the files of a folder. They are listed once, when the route is made: a path in a request is looked up among them and never
 * becomes a path of the disk. With `help`, which only a local system has, also `/playground/personas` and `/playground/examples`.
 */
export function servePlayground(http: FastifyInstance, folder: string, help?: PlaygroundHelp): void {
  const files = new Map(list(folder).map((name) => [name.split(path.sep).join('/'), path.join(folder, name)]));
  const send = (name: string) => {
    const file = files.get(name);
    const type = TYPES[path.extname(name)];
    return file !== undefined && type !== undefined ? { type, bytes: readFileSync(file) } : null;
  };
  if (help) serveHelp(http, help);
  http.get('/playground', (_, reply) => reply.redirect('/playground/', 308));
  http.get<{ Params: { '*': string } }>('/playground/*', (request, reply) => {
    const found = send(request.params['*'] || 'index.html');
    if (!found)
      return reply
        .code(404)
        .type(TYPES['.txt'] ?? '')
        .send(files.size > 0 ? 'The playground has no such file.\n' : notBuilt);
    return reply.header('content-security-policy', POLICY).type(found.type).send(found.bytes);
  });
}

// Whoever may read this may be anybody: a page of another site must not, though its name be made to lead to this address.
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

function serveHelp(http: FastifyInstance, help: PlaygroundHelp): void {
  const checkHost = async ({ headers }: FastifyRequest) => {
    const host = (headers.host ?? '').replace(/:\d+$/, '');
    if (!LOOPBACK.has(host)) throw new FrontRefusal(403, 'Personas are for this computer only: open http://localhost instead.');
  };
  http.get('/playground/personas', { onRequest: checkHost }, () => help.personas());
  http.get('/playground/examples', { onRequest: checkHost }, () => help.examples());
}

const notBuilt = 'The playground is not built. Run "npm start", which builds it, or ask the graph at /graphql with curl.\n';

const list = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((e) => e.isFile())
        .map((e) => path.relative(folder, path.join(e.parentPath, e.name)))
    : [];
