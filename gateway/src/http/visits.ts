import type { Principal } from '@commonweal/schema';
import type { Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Graph } from '../graph.ts';
import type { Ending } from './apollo.ts';
import { requestIdOf } from './headers.ts';
import { type Log, logRequest, type RequestLine } from './log.ts';
import type { GatewayMetrics } from './metrics.ts';
import { endRequestSpan, startRequestSpan } from './trace.ts';

/** What is known of one request while it is answered. */
export interface Visit {
  readonly requestId: string;
  readonly startedAt: number;
  readonly span: Span;
  principal: Principal | undefined;
  operation: string | undefined;
  outcome: Ending | undefined;
  code: string | undefined;
  token: string | undefined;
}

/** The requests that are under way. */
export interface Visits {
  /** Takes note of a request; once per request, before anything else. */
  arrive(request: FastifyRequest, reply: FastifyReply): Visit;
  /** What is known of a request that has arrived. */
  of(request: FastifyRequest): Visit;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What is known of it; null before it has arrived. On the request itself: a weak map would keep what is young alive until the next great collection of garbage. */
    visit: Visit | null;
  }
}

/** Keeps what is known of each request, and tells log, figures and trace when it is over: answered, or left by its client. */
export function keepVisits(deps: { http: FastifyInstance; graph: Pick<Graph, 'snapshot'>; metrics: GatewayMetrics; log: Log }): Visits {
  function depart(visit: Visit, route: string, status: number): void {
    const { requestId, principal, operation, outcome, code, token, startedAt, span } = visit;
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    const who = { consumer: principal?.consumer, kind: principal && kindOf(principal.consumer), purpose: principal?.purpose };
    const line: RequestLine = { requestId, route, status, ms, ...who, operation, outcome, code, token };
    deps.metrics.answered(route, status, ms / 1000);
    endRequestSpan(span, line);
    logRequest(deps.log, line);
  }

  function kindOf(consumer: string): string | undefined {
    const consumers = deps.graph.snapshot()?.consumers;
    return consumers && Object.hasOwn(consumers, consumer) ? consumers[consumer]?.kind : undefined;
  }

  deps.http.decorateRequest('visit', null);
  return {
    arrive(request, reply) {
      const requestId = requestIdOf(request.raw);
      const visit: Visit = {
        requestId,
        startedAt: performance.now(),
        span: startRequestSpan(requestId),
        principal: undefined,
        operation: undefined,
        outcome: undefined,
        code: undefined,
        token: undefined,
      };
      request.visit = visit;
      // It comes once, when all of the answer was handed over; without that it is the client that went away. The status is then the one that proxies log for it.
      reply.raw.once('close', () => depart(visit, request.routeOptions.url ?? 'none', reply.raw.writableFinished ? reply.statusCode : 499));
      return visit;
    },
    of({ visit }) {
      if (!visit) throw new Error('a request that never arrived');
      return visit;
    },
  };
}
