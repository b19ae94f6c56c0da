import { ERROR_CODES, type ErrorCode } from '@commonweal/schema';
import type { GraphQLError } from 'graphql';
import { ownName } from '../access/names.ts';
import type { FailureCode } from '../execute/errors.ts';
import type { FetchError } from '../execute/types.ts';
import { refusal, SENTENCES } from './errors.ts';

/** What the engine's own errors are for us. */
const OF_THE_ENGINE: Readonly<Record<string, 'UNAVAILABLE' | 'TIMEOUT'>> = {
  SUBGRAPH_UNAVAILABLE: 'UNAVAILABLE',
  SUBGRAPH_TIMEOUT: 'TIMEOUT',
} satisfies Partial<Record<FailureCode, ErrorCode>>;

/** An error of a fetch as it may be told, at its place in the client's own names: those of registries carry a code of the list already. */
export function fetchError(error: FetchError, onFault: (fault: unknown) => void): GraphQLError {
  const { code, ...details } = error.extensions ?? {};
  const path = error.path?.map((step) => (typeof step === 'string' ? ownName(step) : step));
  if (typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)) return refusal(code as ErrorCode, error.message, { path, details });
  const known = typeof code === 'string' && Object.hasOwn(OF_THE_ENGINE, code) ? OF_THE_ENGINE[code]! : 'INTERNAL';
  if (known === 'INTERNAL') onFault(error);
  return refusal(known, SENTENCES[known], { path });
}
