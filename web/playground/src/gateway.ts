import type { PlaygroundPersona } from '@commonweal/gateway/http/playground.types.ts';
import {
  buildClientSchema,
  type ExecutionResult,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  Kind,
  parse,
} from 'graphql';
import type { Caller } from './caller.ts';

/** Why the gateway gave no answer that could be shown: it does not answer, it refuses the token, or it refuses the caller. */
export type ProblemKind = 'UNREACHABLE' | 'TOKEN' | 'REFUSED';

/** The gateway gave no answer. `message` is its own sentence, where it had one. */
export class GatewayProblem extends Error {
  readonly kind: ProblemKind;

  constructor(kind: ProblemKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** An operation as it goes over the wire. */
export interface Operation {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null | undefined;
}

/** The operation of a document to run: the one named, if it is there, else the first. The editor names the one before for a moment after its text was replaced. */
export function chooseOperation(query: string, named: string | null | undefined): string | undefined {
  try {
    const names = parse(query).definitions.flatMap((d) => (d.kind === Kind.OPERATION_DEFINITION && d.name ? [d.name.value] : []));
    return names.find((name) => name === named) ?? names[0];
  } catch {
    // The gateway says where the syntax is wrong.
    return undefined;
  }
}

/** Asks the graph as a caller. Resolves with the answer, errors of the operation included; throws `GatewayProblem`. */
export async function ask(caller: Caller, operation: Operation): Promise<ExecutionResult> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
  };
  if (caller.token !== null) headers.authorization = `Bearer ${caller.token}`;
  if (caller.purpose) headers['x-purpose'] = caller.purpose;
  const response = await reach('/graphql', { method: 'POST', headers, body: JSON.stringify(operation) });
  const answer = await readJson<ExecutionResult>(response);
  if (response.status === 401) throw new GatewayProblem('TOKEN', sentenceOf(answer));
  if (!answer) throw new GatewayProblem('UNREACHABLE', `It answers with status ${response.status} and no JSON.`);
  return answer;
}

/** The part of the graph that a caller may know. Throws `GatewayProblem`. */
export async function fetchSchema(caller: Caller): Promise<GraphQLSchema> {
  const answer = await ask(caller, { query: getIntrospectionQuery({ inputValueDeprecation: true }), operationName: 'IntrospectionQuery' });
  if (!answer.data) throw new GatewayProblem('REFUSED', sentenceOf(answer));
  return buildClientSchema(answer.data as unknown as IntrospectionQuery);
}

/** The personas of a local system with fresh tokens; null where there are none, as in production. Throws `GatewayProblem`. */
export const fetchPersonas = (): Promise<readonly PlaygroundPersona[] | null> => fetchHelp('personas');

/** Values for placeholders; none where the system has no such list. Throws `GatewayProblem`. */
export const fetchExamples = async (): Promise<Readonly<Record<string, string>>> =>
  (await fetchHelp<Record<string, string>>('examples')) ?? {};

async function fetchHelp<T>(name: string): Promise<T | null> {
  const response = await reach(`/playground/${name}`, {});
  if (response.ok) return readJson<T>(response);
  if (response.status < 500) return null;
  throw new GatewayProblem('UNREACHABLE', `It answers with status ${response.status}.`);
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, credentials: 'omit', cache: 'no-store' });
  } catch {
    throw new GatewayProblem('UNREACHABLE', '');
  }
}

const readJson = <T>(response: Response): Promise<T | null> => response.json().catch(() => null);

const sentenceOf = (answer: ExecutionResult | null): string => answer?.errors?.[0]?.message ?? '';
