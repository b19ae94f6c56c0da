import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApiError, ERROR_CODES, HOP_HEADER, hopKey, verifyHop } from '@commonweal/schema';
import Fastify from 'fastify';
import type { RegistryEvent } from './events/outbox.ts';
import type { Context } from './graph/context.ts';
import { Replays } from './graph/replays.ts';
import type { Subgraph } from './subgraph.ts';

/** What a registry answers to other processes of ours, by name of the call. */
export type InternalCalls = Readonly<Record<string, (body: never) => Promise<unknown>>>;

/**
 * Serves a registry over HTTP, for the services topology: the graph at `/graphql` through Apollo Server, calls between our processes at
 * `/internal/<call>`, health at `/health/live` and `/health/ready`. Without a valid hop token all but health is 401. Resolves with the port.
 */
export async function serveSubgraph(
  subgraph: Subgraph,
  options: { host: string; port: number; secret: Buffer; internal: InternalCalls },
): Promise<{ port: number; stop(): Promise<void> }> {
  const apollo = new ApolloServer<Context>({
    schema: subgraph.schema,
    introspection: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    csrfPrevention: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      closing(subgraph),
    ],
  });
  await apollo.start();
  const http = Fastify({ bodyLimit: 4 * 1024 * 1024, logger: false, forceCloseConnections: true });
  const key = hopKey(options.secret, subgraph.name);
  const replays = new Replays();

  http.post('/graphql', async (request, reply) => {
    const body = request.body as { query?: string; variables?: Record<string, unknown>; operationName?: string };
    let context: Context;
    const gone = new AbortController();
    // Closed before all was written: whoever asked has left.
    reply.raw.once('close', () => reply.raw.writableFinished || gone.abort());
    try {
      const asked = {
        query: String(body?.query ?? ''),
        variables: body?.variables,
        operationName: body?.operationName,
        hop: String(request.headers[HOP_HEADER] ?? ''),
      };
      context = await subgraph.admit(asked, gone.signal);
    } catch (error) {
      const { code, message } = error instanceof ApiError ? error : new ApiError('INTERNAL', 'Something went wrong on our side.');
      return reply.code(ERROR_CODES[code]).send({ errors: [{ message, extensions: { code } }] });
    }
    const headers = new HeaderMap([['content-type', 'application/json']]);
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, search: '', body },
      context: async () => context,
    });
    reply.code(answer.status ?? 200);
    for (const [name, value] of answer.headers) reply.header(name, value);
    return reply.send(answer.body.kind === 'complete' ? answer.body.string : '');
  });

  const calls: InternalCalls = {
    events: (events: readonly RegistryEvent[]) => subgraph.receive(events),
    ...options.internal,
  } as InternalCalls;
  http.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (request.url.startsWith('/internal/')) return done(null, text);
    try {
      return done(null, JSON.parse(text as string));
    } catch {
      return done(Object.assign(new Error('not JSON'), { statusCode: 400 }));
    }
  });
  http.post<{ Params: { call: string } }>('/internal/:call', async (request, reply) => {
    const text = request.body as string;
    const checked = verifyHop(key, String(request.headers[HOP_HEADER] ?? ''), subgraph.name, text, Date.now() / 1000, replays);
    const call = Object.hasOwn(calls, request.params.call) ? calls[request.params.call] : undefined;
    if ('fault' in checked || checked.hop.principal.consumer !== 'commonweal' || !call)
      return reply.code(401).send({ error: 'UNAUTHENTICATED' });
    try {
      return await reply.type('application/json').send(JSON.stringify((await call(JSON.parse(text) as never)) ?? null));
    } catch {
      return reply.code(503).send({ error: 'UNAVAILABLE' });
    }
  });
  http.get('/health/live', () => ({ status: 'live' }));
  http.get('/health/ready', async (_request, reply) => {
    const missing = await subgraph.health();
    return reply.code(missing.length === 0 ? 200 : 503).send({ status: missing.length === 0 ? 'ready' : 'not ready', missing });
  });
  await http.listen({ host: options.host, port: options.port });
  const address = http.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    async stop() {
      await http.close();
      await apollo.stop();
      await subgraph.stop();
    },
  };
}

/** Closes the context of each request, adds the report, and lets errors out through the one exit. */
function closing(subgraph: Subgraph): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, response, errors }) {
          if (response.body.kind !== 'single') return;
          const result = response.body.singleResult;
          result.extensions = { ...result.extensions, ...(await subgraph.close(contextValue)) };
          if (errors) result.errors = errors.map((e) => subgraph.format(e, contextValue.requestId));
        },
      };
    },
  };
}
