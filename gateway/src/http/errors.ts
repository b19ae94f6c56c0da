import { ApiError, ERROR_CODES } from '@commonweal/schema';
import type { FastifyReply } from 'fastify';

/** A refusal of the front door, before the graph is asked: a code of the closed list, and the HTTP status that says it best. */
export class FrontRefusal extends ApiError {
  readonly status: number;

  constructor(status: number, message: string, code: 'BAD_USER_INPUT' | 'LIMIT_EXCEEDED' | 'UNAVAILABLE' = 'BAD_USER_INPUT') {
    super(code, message);
    this.status = status;
  }
}

/** What failed, for the log: its kind and place, never its text, which may hold values. */
export function faultOf(error: unknown): { fault: string; code?: string; at: string[] } {
  const { name, code, stack } = error as { name?: string; code?: unknown; stack?: string };
  const frames =
    stack
      ?.split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('at ')) ?? [];
  return { fault: name ?? typeof error, ...(typeof code === 'string' ? { code } : {}), at: frames.slice(0, 5) };
}

// What Fastify refuses by itself, in our words: its own texts quote what was sent.
const FASTIFY_REFUSALS: Readonly<Record<string, () => FrontRefusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new FrontRefusal(413, 'The body of the request is too large.', 'LIMIT_EXCEEDED'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new FrontRefusal(415, 'Send the body as application/json.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new FrontRefusal(400, 'The body of the request is empty.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => new FrontRefusal(400, 'The body of the request is not as long as it says.'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => new FrontRefusal(400, 'The body of the request is not JSON.'),
  FST_ERR_BAD_URL: () => new FrontRefusal(400, 'The path of the request is malformed.'),
};

/** The error that may be told for whatever was thrown; null when it is a fault of ours that only the log may know. */
export function tellable(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  const refusal = code !== undefined && Object.hasOwn(FASTIFY_REFUSALS, code) ? FASTIFY_REFUSALS[code] : undefined;
  if (refusal) return refusal();
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new FrontRefusal(statusCode, 'The request is malformed.');
  return null;
}

/** The one shape of an error answer: GraphQL's, without data. */
export const errorBody = (error: ApiError): string =>
  `${JSON.stringify({ errors: [{ message: error.message, extensions: { ...error.details, code: error.code } }] })}\n`;

/** HTTP status of an error that fails a whole request at the front door. */
export const statusOf = (error: ApiError): number =>
  error instanceof FrontRefusal ? error.status : Math.max(ERROR_CODES[error.code], 400);

/** Answers with an error. */
export function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer error="invalid_token"');
  if (typeof error.details.retryAfter === 'number') reply.header('retry-after', String(error.details.retryAfter));
  // Bytes that were not read belong to a request that is over; a connection left open would take them for the next one.
  if (error instanceof FrontRefusal && (error.status === 413 || error.status === 417)) reply.header('connection', 'close');
  return reply.code(statusOf(error)).type('application/json; charset=utf-8').send(errorBody(error));
}
