import { CallError } from './transport.fault.ts';
import type { SubgraphError, SubgraphReply } from './types.ts';

/** Makes an answer of the text of a body, or throws a `CallError` that says why it is none. */
export function replyOf(subgraph: string, status: number, text: string): SubgraphReply {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CallError('NOT_GRAPHQL', `${subgraph} answered ${status} with text that is not JSON`, { cause });
  }
  const fault = faultIn(value, status);
  if (fault) throw new CallError('NOT_GRAPHQL', `${subgraph} answered ${status} ${fault}`);
  const { data, errors, extensions } = value as SubgraphReply;
  return { data, errors: errors && cleaned(errors), extensions: isObject(extensions) ? extensions : undefined };
}

/** What keeps JSON from being an answer of GraphQL; null: nothing. */
function faultIn(value: unknown, status: number): string | null {
  if (!isObject(value)) return 'with JSON that is no object';
  const { data, errors } = value;
  if (data !== undefined && data !== null && !isObject(data)) return 'with data that is no object';
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return 'with errors that are no list';
  const hasErrors = Array.isArray(errors) && errors.length > 0;
  if (data === undefined && !hasErrors) return 'without data and errors';
  // What a proxy or a crash answers may look like data; a failure that names no error is not believed.
  if ((status < 200 || status > 299) && !hasErrors) return 'without errors';
  return null;
}

/** Errors as the engine may rely on them: a message, and a path of names and positions or none. */
function cleaned(errors: readonly unknown[]): readonly SubgraphError[] {
  return errors.map((error) => {
    if (!isObject(error)) return { message: 'an error without a message' };
    const { message, path, extensions } = error;
    return {
      message: typeof message === 'string' ? message : 'an error without a message',
      ...(isPath(path) ? { path } : {}),
      ...(isObject(extensions) ? { extensions } : {}),
    };
  });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isPath = (value: unknown): value is (string | number)[] =>
  Array.isArray(value) && value.every((step) => typeof step === 'string' || (Number.isInteger(step) && (step as number) >= 0));
