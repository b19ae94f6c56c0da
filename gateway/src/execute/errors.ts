import type { Path } from './collect.ts';
import { type Data, isData } from './own.ts';
import { CallError, type CallFault } from './transport.fault.ts';
import type { FetchError, SubgraphError } from './types.ts';

/** Why the engine itself has an error, in place of a subgraph's answer. */
export type FailureCode = 'SUBGRAPH_UNAVAILABLE' | 'SUBGRAPH_TIMEOUT' | 'SUBGRAPH_INVALID';

const MESSAGES: Readonly<Record<FailureCode, string>> = {
  SUBGRAPH_UNAVAILABLE: 'A subgraph gave no answer.',
  SUBGRAPH_TIMEOUT: 'A subgraph did not answer in time.',
  SUBGRAPH_INVALID: 'A subgraph gave an answer that is not valid.',
};

/** The code for whatever a call was rejected with. */
export function failureOf(error: unknown, signal: AbortSignal): { readonly code: FailureCode; readonly reason?: string } {
  if (!(error instanceof CallError)) return { code: signal.aborted ? 'SUBGRAPH_TIMEOUT' : 'SUBGRAPH_UNAVAILABLE' };
  return { code: CODES[error.fault], reason: error.fault };
}

const CODES: Readonly<Record<CallFault, FailureCode>> = {
  UNREACHABLE: 'SUBGRAPH_UNAVAILABLE',
  BROKEN_OFF: 'SUBGRAPH_UNAVAILABLE',
  BUSY: 'SUBGRAPH_UNAVAILABLE',
  TIMEOUT: 'SUBGRAPH_TIMEOUT',
  ABORTED: 'SUBGRAPH_TIMEOUT',
  TOO_LARGE: 'SUBGRAPH_INVALID',
  NOT_GRAPHQL: 'SUBGRAPH_INVALID',
};

/** An error of the engine's own. The subgraph, and what was wrong, are for whoever runs the graph: they stand in the extensions only. */
export const failure = (code: FailureCode, subgraph: string, path: Path | undefined, reason?: string): FetchError => ({
  message: MESSAGES[code],
  ...(path ? { path } : {}),
  extensions: { code, subgraph, ...(reason === undefined ? {} : { reason }) },
});

/** Errors that are told of one operation; of more, the number. */
export const MOST_ERRORS = 1000;

/** The errors of one operation, in the order of the fetches in its plan. */
export class Errors {
  readonly #byFetch: (FetchError[] | undefined)[] = [];
  #count = 0;

  add(fetch: number, error: FetchError): void {
    this.#count += 1;
    if (this.#count > MOST_ERRORS) return;
    const known = this.#byFetch[fetch];
    if (known) known.push(error);
    else this.#byFetch[fetch] = [error];
  }

  /** Whether errors are only counted from now on. */
  get isFull(): boolean {
    return this.#count >= MOST_ERRORS;
  }

  all(): FetchError[] {
    if (this.#count === 0) return [];
    const told = this.#byFetch.flatMap((errors) => errors ?? []);
    const more = this.#count - told.length;
    if (more > 0) told.push({ message: `There are ${more} more errors.`, extensions: { code: 'TOO_MANY_ERRORS', more } });
    return told;
  }
}

/** The errors that a subgraph reported, whatever it put there: what is no error is none, but is not lost either. */
export function reported(errors: unknown): SubgraphError[] | null {
  if (errors === undefined || errors === null) return [];
  if (!Array.isArray(errors)) return null;
  return errors.map(readable);
}

function readable(error: unknown): SubgraphError {
  const { message, path, extensions }: Data = isData(error) ? error : {};
  return {
    message: typeof message === 'string' && message !== '' ? message : 'A subgraph reported an error.',
    path: Array.isArray(path) && path.every((step) => typeof step === 'string' || Number.isSafeInteger(step)) ? path : undefined,
    extensions: isData(extensions) ? extensions : undefined,
  };
}
