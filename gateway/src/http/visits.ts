import type { Principal } from '@commonweal/schema';
import type { Span } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
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
  principal?: Principal;
  operation?: string;
  outcome?: Ending;
  code?: string;
  isOver: boolean;
}

/** The requests that are under way. */
export interface Visits {
  /** Takes note of a request; once per request, before anything else. */
  arrive(request: FastifyRequest, reply: FastifyReply): Visit;
  /** What is known of a request that has arrived. */
  of(request: FastifyRequest): Visit;
}

/** Keeps what is known of each request, and tells log, figures and trace when it is over: answered, or left by its client. */
export function keepVisits(deps: { graph: Pick<Graph, 'snapshot'>; metrics: GatewayMetrics; log: Log }): Visits {
  const visits = new WeakMap<FastifyRequest, Visit>();

  function depart(visit: Visit, route: string, status: number): void {
    if (visit.isOver) return;
    visit.isOver = true;
    const { requestId, principal, operation, outcome, code, startedAt, span } = visit;
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    const who = { consumer: principal?.consumer, kind: principal && kindOf(principal.consumer), purpose: principal?.purpose };
    const line: RequestLine = { requestId, route, status, ms, ...who, operation, outcome, code };
    deps.metrics.answered(route, status, ms / 1000);
    endRequestSpan(span, line);
    logRequest(deps.log, line);
  }

  function kindOf(consumer: string): string | undefined {
    const consumers = deps.graph.snapshot()?.consumers;
    return consumers && Object.hasOwn(consumers, consumer) ? consumers[consumer]?.kind : undefined;
  }

  return {
    arrive(request, reply) {
      const requestId = requestIdOf(request.raw);
      const visit: Visit = { requestId, startedAt: performance.now(), span: startRequestSpan(requestId), isOver: false };
      visits.set(request, visit);
      const route = () => request.routeOptions.url ?? 'none';
      reply.raw.once('finish', () => depart(visit, route(), reply.statusCode));
      // Without a finish before it, a close is the client that went away. The status is the one that proxies log for it.
      reply.raw.once('close', () => depart(visit, route(), 499));
      return visit;
    },
    of(request) {
      const visit = visits.get(request);
      if (!visit) throw new Error('a request that never arrived');
      return visit;
    },
  };
}
