import { context, INVALID_TRACEID, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestLine } from './log.ts';

// Without an SDK in the process the API does nothing, at next to no cost.
const tracer = trace.getTracer('commonweal-gateway');

/** Starts the span of one request. The trace begins here: a caller's own trace headers are not believed. */
export function startRequestSpan(requestId: string): Span {
  return tracer.startSpan('request', { kind: SpanKind.SERVER, root: true, attributes: { 'request.id': requestId } });
}

/** Runs work inside a span, so that the spans it starts become its children. Without an SDK no span has a trace, and nothing is done. */
export const inSpan = <T>(span: Span, work: () => Promise<T>): Promise<T> =>
  span.spanContext().traceId === INVALID_TRACEID ? work() : context.with(trace.setSpan(context.active(), span), work);

/** Ends the span of a request with what the log says of it, and no more. */
export function endRequestSpan(span: Span, line: RequestLine): void {
  for (const key of ['consumer', 'kind', 'purpose', 'operation', 'outcome', 'code'] as const) {
    const value = line[key];
    if (value !== undefined) span.setAttribute(key, value);
  }
  span.setAttribute('http.response.status_code', line.status);
  if (line.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
