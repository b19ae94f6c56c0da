import { ApiError, ERROR_CODES, type ErrorCode } from '@commonweal/schema';
import { type ASTNode, GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Sentences that stand for faults of which the caller is told no more. */
export const SENTENCES = {
  INTERNAL: 'Something went wrong on our side.',
  UNAVAILABLE: 'A registry cannot answer now. Try again later.',
  TIMEOUT: 'A registry did not answer in time.',
  POLICY_CHANGED: 'The sharing policies changed while the request ran. Send it again.',
  PURPOSE_NOT_ALLOWED: 'Nothing is shared with this consumer for this purpose.',
  OPERATION_RESOLUTION_FAILURE: 'operationName names no operation of the document, or has to choose one.',
} as const;

// Errors made here are the only ones whose text leaves. Whatever else arrives at the exit is replaced.
const ours = new WeakSet<object>();

/** An error that may be told: a code of the closed list, a sentence of ours, and where it stands. */
export function refusal(
  code: ErrorCode,
  message: string,
  at: { nodes?: readonly ASTNode[]; path?: readonly (string | number)[]; details?: Readonly<Record<string, unknown>> } = {},
): GraphQLError {
  const error = new GraphQLError(message, { nodes: at.nodes, path: at.path, extensions: { ...at.details, code } });
  ours.add(error);
  return error;
}

/** What may be told of anything that was thrown. An unknown fault is INTERNAL, to be found in the log by the request's id. */
export function tellable(thrown: unknown, requestId: string): GraphQLError {
  if (thrown instanceof GraphQLError && ours.has(thrown)) return thrown;
  if (thrown instanceof ApiError) return refusal(thrown.code, thrown.message, { details: thrown.details });
  return refusal('INTERNAL', SENTENCES.INTERNAL, { details: { requestId } });
}

/** Whether an error was made for telling. */
export const isTellable = (thrown: unknown): boolean => thrown instanceof ApiError || (thrown instanceof GraphQLError && ours.has(thrown));

/** Errors of graphql-js's validation, told with their places. */
export const validationErrors = (errors: readonly GraphQLError[]): GraphQLError[] =>
  errors.map((e) => (ours.has(e) ? e : refusal('GRAPHQL_VALIDATION_FAILED', e.message, { nodes: e.nodes })));

/** Codes that the server itself may put on an error, with what they are for us. Their texts are constants or speak of the caller's own document. */
const OF_THE_SERVER: Readonly<Record<string, { code: ErrorCode; message: string | null }>> = {
  GRAPHQL_PARSE_FAILED: { code: 'GRAPHQL_PARSE_FAILED', message: null },
  OPERATION_RESOLUTION_FAILURE: {
    code: 'OPERATION_RESOLUTION_FAILURE',
    message: SENTENCES.OPERATION_RESOLUTION_FAILURE,
  },
  BAD_REQUEST: { code: 'BAD_USER_INPUT', message: null },
  PERSISTED_QUERY_NOT_SUPPORTED: { code: 'BAD_USER_INPUT', message: 'Persisted queries are not supported.' },
};

/** The one exit for errors, in Apollo Server's `formatError`: what was made for telling leaves as it is, what the server made is renamed, all else is INTERNAL. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const place = { ...(formatted.locations ? { locations: formatted.locations } : {}), ...(formatted.path ? { path: formatted.path } : {}) };
  if (typeof error === 'object' && error !== null && ours.has(error))
    return { message: formatted.message, ...place, extensions: formatted.extensions };
  const known = OF_THE_SERVER[String(formatted.extensions?.code)];
  return known
    ? { message: known.message ?? formatted.message, ...place, extensions: { code: known.code } }
    : { message: SENTENCES.INTERNAL, extensions: { code: 'INTERNAL' satisfies ErrorCode } };
}

/** Code of an error on its way out. */
export const codeOf = (error: { readonly extensions?: Readonly<Record<string, unknown>> | undefined }): ErrorCode => {
  const code = error.extensions?.code;
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'INTERNAL';
};

/** HTTP status of an answer without data. Failures of the server itself come first, so that a proxy or a client retries them. */
export function statusOf(errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> | undefined }[]): number {
  const all = errors.map((e) => ERROR_CODES[codeOf(e)] as number);
  return all.find((s) => s >= 500) ?? all.find((s) => s >= 400) ?? all[0] ?? 500;
}
