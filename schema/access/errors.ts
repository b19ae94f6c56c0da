/** All codes an error may carry in `extensions.code`, with the HTTP status where the whole request fails for it. A closed list. */
export const ERROR_CODES = {
  /** The token is missing, malformed, expired or not ours. */
  UNAUTHENTICATED: 401,
  /** Several purposes in the token: the request must state one in `x-purpose`. */
  PURPOSE_REQUIRED: 400,
  /** The purpose is not in the token, or nothing is shared with this consumer for it. */
  PURPOSE_NOT_ALLOWED: 403,
  /** The text is not GraphQL. */
  GRAPHQL_PARSE_FAILED: 400,
  /** The operation does not fit the graph that this consumer sees. */
  GRAPHQL_VALIDATION_FAILED: 400,
  /** `operationName` names no operation of the document. */
  OPERATION_RESOLUTION_FAILURE: 400,
  /** No operation is registered under this `documentId` for this consumer and purpose: it never was, is another consumer's, or was retired. */
  PERSISTED_DOCUMENT_NOT_FOUND: 404,
  /** This consumer runs registered operations only: send `documentId` instead of `query`. */
  PERSISTED_DOCUMENT_REQUIRED: 403,
  /** A variable or argument has a wrong value. */
  BAD_USER_INPUT: 400,
  /** The field may not be seen; null stands in its place. */
  FORBIDDEN_FIELD: 200,
  /** A filter, sort, group or input may not be used; nothing was run. */
  FORBIDDEN_INPUT: 403,
  /** The action may not be performed; nothing was run. */
  FORBIDDEN_ACTION: 403,
  /** Absent, out of scope or not consented: which of them is not told. */
  NOT_AVAILABLE: 200,
  /** The operation is too large, too deep or too expensive. */
  LIMIT_EXCEEDED: 400,
  /** Too many requests of this consumer. */
  RATE_LIMITED: 429,
  /** Too many attempts that did not match for this number. */
  VERIFICATION_LOCKED: 200,
  /** The cursor is not of this list, or not of this consumer. */
  INVALID_CURSOR: 200,
  /** The sharing policies changed while the request ran; send it again. */
  POLICY_CHANGED: 503,
  /** A registry does not answer in time. */
  TIMEOUT: 200,
  /** A registry or the audit log cannot be reached. */
  UNAVAILABLE: 503,
  /** A fault of ours; the request id finds it in the log. */
  INTERNAL: 500,
} as const;
/** One error code. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** An error that may be told to the caller: a code of the list, a sentence, and nothing else. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  /** More for the caller, free of personal data: the input path at fault, seconds to wait. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
