import { ApiError, ERROR_CODES, type ErrorCode } from '@commonweal/schema';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** What the log is told of an error that callers hear only as INTERNAL. */
export type ErrorLog = (error: unknown, requestId: string) => void;

/**
 * The one exit for errors of a registry: an ApiError with its code, a GraphQL error of the closed list, and everything else as INTERNAL without a word.
 * Texts of the database, of libraries and of bad input never leave.
 */
export function formatError(error: GraphQLError, requestId: string, log: ErrorLog): GraphQLFormattedError {
  const cause = error.originalError ?? error;
  const place = { ...(error.path ? { path: error.path } : {}) };
  if (cause instanceof ApiError) return { message: cause.message, ...place, extensions: { ...cause.details, code: cause.code } };
  const code = error.extensions.code as string | undefined;
  if (cause instanceof GraphQLError && code !== undefined && Object.hasOwn(ERROR_CODES, code)) {
    return { message: error.message, ...place, extensions: { code: code as ErrorCode } };
  }
  const sqlState = (cause as { code?: unknown }).code;
  if (sqlState === NOT_A_CHARACTER)
    return {
      message: 'A text holds a character that no text may hold.',
      ...place,
      extensions: { code: 'BAD_USER_INPUT' satisfies ErrorCode },
    };
  log(cause, requestId);
  return isUnavailable(sqlState)
    ? { message: 'A registry cannot answer now. Try again later.', ...place, extensions: { code: 'UNAVAILABLE' satisfies ErrorCode } }
    : { message: 'Something went wrong on our side.', ...place, extensions: { code: 'INTERNAL' satisfies ErrorCode } };
}

/** PostgreSQL's word for a text with the character of code zero, which only a caller's text can bring: what is stored never holds one. */
const NOT_A_CHARACTER = '22021';

/** Whether a code says that the database cannot be reached, or breaks off: the operating system's, the driver's, or PostgreSQL's own (classes 08, 53 and 57). */
const isUnavailable = (code: unknown): boolean =>
  typeof code === 'string' && (code.startsWith('CONNECT') || UNREACHABLE.has(code) || /^(08|53|57)...$/.test(code));

/** The operating system's; ENOENT is that of a Unix socket that is not there. */
const UNREACHABLE: ReadonlySet<string> = new Set(
  'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ENOENT ETIMEDOUT EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ENOTFOUND EAI_AGAIN'.split(' '),
);

/** A write that was refused: data of the payload, not an error. */
export interface Refusal {
  readonly code: 'INVALID' | 'NOT_AVAILABLE' | 'CONFLICT' | 'NOT_ALLOWED_NOW' | 'KEY_REUSED';
  readonly message: string;
  readonly path: readonly string[];
}

/** Thrown inside a write to refuse it as a whole; becomes the `refusals` of the payload. */
export class Refused extends Error {
  readonly refusals: readonly Refusal[];

  constructor(...refusals: Refusal[]) {
    super(refusals.map((r) => r.message).join(' '));
    this.refusals = refusals;
  }
}
