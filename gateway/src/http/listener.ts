import { ApiError } from '@commonweal/schema';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { TokenRefused, type TokenVerifier } from '../authn/token.ts';
import type { GatewayConfig } from '../config.ts';
import type { Graph } from '../graph.ts';
import { identify } from './admit.ts';
import { checkBodyHeaders } from './body.ts';
import { FrontRefusal, faultOf, sendError, tellable } from './errors.ts';
import { serveGraphql } from './graphql.ts';
import { ANSWER_HEADERS, checkHeaders, MAX_HEADER_BYTES } from './headers.ts';
import { type Readiness, serveHealth } from './health.ts';
import { InFlight } from './inflight.ts';
import { operationLabel } from './labels.ts';
import { serveLanding } from './landing.ts';
import type { Log } from './log.ts';
import { answerMalformed } from './malformed.ts';
import { type GatewayMetrics, serveMetrics } from './metrics.ts';
import { PLAYGROUND_FOLDER, servePlayground } from './playground.ts';
import type { PlaygroundHelp } from './playground.types.ts';
import type { RateLimit } from './rate.ts';
import { inSpan } from './trace.ts';
import { keepVisits } from './visits.ts';

/** What the front door needs. */
export interface Front {
  readonly config: GatewayConfig;
  readonly graph: Pick<Graph, 'apollo' | 'registered' | 'snapshot'>;
  readonly verifier: TokenVerifier;
  readonly rate: RateLimit;
  readonly metrics: GatewayMetrics;
  readonly readiness: () => Promise<Readiness>;
  readonly log: Log;
  readonly playgroundFolder?: string;
  /** Personas with tokens, for the playground of a local system. */
  readonly playgroundHelp?: PlaygroundHelp | undefined;
}

/** A front door that can be opened and closed. */
export interface Listener {
  readonly http: FastifyInstance;
  /** Opens it; resolves with the URL. */
  listen(): Promise<string>;
  /** Closes it: not ready from now on, what is under way is finished within ten seconds, then every connection is closed. */
  stop(): Promise<void>;
}

const DRAIN_MS = 10_000;
const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 20_000;
const HTTPS_ONLY = { 'strict-transport-security': 'max-age=31536000' };
// Beyond the limits of the graph itself: reached only when those fail.
const SPARE_MS = 1000;

/** Makes the HTTP listener: the routes, and what holds for each of them. Errors leave in one shape, with one of the closed codes. */
export function createListener(front: Front): Listener {
  const { config, log, metrics, graph } = front;
  if (front.playgroundHelp && config.environment === 'production') throw new Error('A gateway in production hands out no tokens.');
  const inFlight = new InFlight();
  const always = config.environment === 'production' ? { ...ANSWER_HEADERS, ...HTTPS_ONLY } : ANSWER_HEADERS;
  const http = Fastify({
    logger: false,
    bodyLimit: config.limits.bodyBytes,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: REQUEST_WITHIN_MS,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      connectionsCheckingInterval: 2000,
      requireHostHeader: false,
    },
    clientErrorHandler: answerMalformed,
    // A path that cannot be read meets no hook.
    frameworkErrors: (error, request, reply) => {
      welcome(request as FastifyRequest, reply as FastifyReply);
      fail(error, request as FastifyRequest, reply as FastifyReply);
    },
  });

  // Like any other request: what it expects is looked at with its other headers.
  http.server.on('checkExpectation', (request, response) => http.server.emit('request', request, response));

  const visits = keepVisits({ ...front, http });

  function welcome(request: FastifyRequest, reply: FastifyReply): void {
    const { requestId } = visits.arrive(request, reply);
    reply.headers(always).header('x-request-id', requestId);
  }

  function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const visit = visits.of(request);
    const { requestId } = visit;
    const told = tellable(error) ?? new ApiError('INTERNAL', 'Something went wrong on our side.', { requestId });
    if (inFlight.draining) reply.header('connection', 'close');
    if (told.code === 'INTERNAL') log.error({ requestId, ...faultOf(error) }, 'a request failed');
    visit.code = told.code;
    if (error instanceof TokenRefused) visit.token = [error.fault, error.about].filter(Boolean).join(': ');
    sendError(reply, told);
  }

  http.addHook('onRequest', (request, reply, done) => {
    welcome(request, reply);
    checkHeaders(request.raw);
    checkBodyHeaders(request.headers);
    done();
  });
  http.setErrorHandler((error, request, reply) => fail(error, request, reply));
  http.setNotFoundHandler((request, reply) => {
    const isGraph = request.raw.url?.split('?')[0] === '/graphql';
    if (isGraph) reply.header('allow', 'GET, POST');
    fail(isGraph ? new FrontRefusal(405, 'Send GET or POST.') : new FrontRefusal(404, 'There is nothing here.'), request, reply);
  });

  const answerWithinMs = config.limits.timeoutMs + config.audit.waitMs + SPARE_MS;
  http.register(async (scope) =>
    serveGraphql(scope, {
      graph,
      async admit(request) {
        const visit = visits.of(request);
        // Whoever still arrives on an open connection is to go to another gateway.
        if (inFlight.draining) throw new FrontRefusal(503, 'The gateway is stopping; send the request again.', 'UNAVAILABLE');
        const principal = await identify(front, request);
        visit.principal = principal;
        await front.rate.request(principal, request.ip);
        return { principal, requestId: visit.requestId };
      },
      run: (request, reply, work) => inSpan(visits.of(request).span, () => inFlight.run(reply.raw, answerWithinMs, work)),
      onOperation(request, name) {
        visits.of(request).operation = operationLabel(name);
      },
      onEnding(request, outcome) {
        visits.of(request).outcome = outcome;
      },
    }),
  );
  serveHealth(http, front.readiness, () => inFlight.draining);
  serveMetrics(http, metrics, config);
  if (config.playground) servePlayground(http, front.playgroundFolder ?? PLAYGROUND_FOLDER, front.playgroundHelp);
  serveLanding(http, config);

  return {
    http,
    listen: () => http.listen({ host: config.host, port: config.port }),
    async stop() {
      await inFlight.drain(DRAIN_MS);
      const closing = http.close();
      const timer = setTimeout(() => http.server.closeAllConnections(), 1000);
      await closing;
      clearTimeout(timer);
    },
  };
}
