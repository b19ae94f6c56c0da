import { context, INVALID_TRACEID, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type CallFault, faultOf } from './transport.fault.ts';
import type { Caller, SubgraphCall } from './types.ts';

/** How a call ended: with an answer, with an answer that has errors, or without any. */
export type CallOutcome = 'OK' | 'ERROR' | CallFault;

/** Told of every call, at its end. Must not throw. */
export interface CallObserver {
  /** A call that was sent has ended, `seconds` after it began, a second attempt included. */
  ended(subgraph: string, outcome: CallOutcome, seconds: number): void;
  /** A query got no byte of an answer and is sent a second time. */
  retried(subgraph: string): void;
  /** A query was not sent, because an identical one of the same caller is under way. */
  joined(subgraph: string): void;
}

/** Tells an observer of the calls of a caller. */
export function observed(caller: Caller, observer: Pick<CallObserver, 'ended'>): Caller {
  return {
    key: caller.key,
    async call(call, signal) {
      const began = performance.now();
      try {
        const reply = await caller.call(call, signal);
        observer.ended(call.subgraph, reply.errors?.length ? 'ERROR' : 'OK', secondsSince(began));
        return reply;
      } catch (error) {
        observer.ended(call.subgraph, faultOf(error), secondsSince(began));
        throw error;
      }
    },
  };
}

const secondsSince = (began: number) => (performance.now() - began) / 1000;

// Without an SDK in the process the API does nothing, at next to no cost.
const tracer = trace.getTracer('commonweal-engine');

/** Runs an attempt at a call as a span, of which what it starts are children. The text of the query stays out: it may hold literals. */
export function inFetchSpan<T>({ subgraph }: Pick<SubgraphCall, 'subgraph'>, work: () => Promise<T>): Promise<T> {
  const span = tracer.startSpan('fetch', { kind: SpanKind.CLIENT, attributes: { subgraph } });
  // Without an SDK no span has a trace. Then the work's own promise is given: one more around it would be settled two turns later.
  return span.spanContext().traceId === INVALID_TRACEID ? work() : within(span, work);
}

async function within<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await context.with(trace.setSpan(context.active(), span), work);
  } catch (error) {
    span.setAttribute('fault', faultOf(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
