import { CallError } from './transport.fault.ts';

/** Faults of a connection that leave no doubt: nobody took the request, or nobody began to answer it. */
const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
]);

/** What the client library says of a call that failed, as a fault of ours. `hasBegun`: a byte of the answer had come. */
export function faultOfConnection(subgraph: string, error: unknown, hasBegun: boolean): CallError {
  if (error instanceof CallError) return error;
  const { code = '', name = '', message = '' } = error as { code?: string; name?: string; message?: string };
  const said = `${message || name}${code && !message.includes(code) ? ` (${code})` : ''}`;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return new CallError('TIMEOUT', `${subgraph} ${hasBegun ? 'did not go on answering' : 'did not begin to answer'} in time`, {
      cause: error,
    });
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW')
    return new CallError('TOO_LARGE', `the headers of ${subgraph}'s answer are too large`, { cause: error });
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return tooLarge(subgraph, error);
  if (name === 'HTTPParserError') return new CallError('NOT_GRAPHQL', `${subgraph} answered, and not with HTTP: ${said}`, { cause: error });
  if (hasBegun) return new CallError('BROKEN_OFF', `${subgraph} broke off its answer: ${said}`, { cause: error });
  return new CallError('UNREACHABLE', `${subgraph} cannot be reached: ${said}`, { cause: error, isUnanswered: CONNECTION.has(code) });
}

/** An answer of which there is more than may be. */
export const tooLarge = (subgraph: string, cause?: unknown): CallError =>
  new CallError('TOO_LARGE', `the answer of ${subgraph} is larger than it may be`, { cause });
