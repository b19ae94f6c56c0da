import { type DocumentNode, type ExecutionResult, execute, type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { Lru } from '../lru.ts';
import { abortedBy, untilAborted } from './deadline.ts';
import { CallError } from './transport.fault.ts';
import type { Headers, Transport } from './transport.ts';
import type { SubgraphCall, SubgraphError, SubgraphReply } from './types.ts';

/** One text, ready to be run with variables and a context of its own. */
export type RunText = (variables: Readonly<Record<string, unknown>>, contextValue: unknown) => Promise<ExecutionResult> | ExecutionResult;

/** How a subgraph in this process is reached. */
export interface ProcessOptions {
  /** Name, for messages. */
  readonly subgraph: string;
  readonly schema: GraphQLSchema;
  /** Makes the context of each call. A resolver that takes long looks at the signal: nobody waits any more once it is aborted. */
  readonly context?: (call: SubgraphCall, signal: AbortSignal, headers: Headers) => unknown;
  /** Makes a text ready to be run; graphql-js unless told otherwise. */
  readonly compile?: (schema: GraphQLSchema, document: DocumentNode) => RunText;
  /** Time of one call. 10 s. */
  readonly timeoutMs?: number;
  /** Characters of texts that are remembered. */
  readonly mostText?: number;
}

const interpreted =
  (schema: GraphQLSchema, document: DocumentNode): RunText =>
  (variableValues, contextValue) =>
    execute({ schema, document, variableValues, contextValue });

/** Opens the way to a subgraph in this process. Each text is parsed, validated and compiled once. */
export function processTransport(options: ProcessOptions): Transport {
  const { subgraph, schema, context, compile = interpreted, timeoutMs = 10_000, mostText = 2_000_000 } = options;
  const texts = new Lru<RunText | readonly SubgraphError[]>(mostText);

  function prepared(query: string): RunText | readonly SubgraphError[] {
    const known = texts.get(query);
    if (known) return known;
    const made = prepare(schema, query, compile);
    texts.set(query, made, query.length + 200);
    return made;
  }

  async function send(call: SubgraphCall, signal: AbortSignal, headers: Headers = {}): Promise<SubgraphReply> {
    if (signal.aborted) throw abortedBy(signal);
    const run = prepared(call.query);
    if (typeof run !== 'function') return { errors: run };
    const controller = new AbortController();
    const stop = (reason: CallError) => controller.abort(reason);
    const timer = setTimeout(() => stop(new CallError('TIMEOUT', `${subgraph} did not answer within ${timeoutMs} ms`)), timeoutMs);
    const leave = () => stop(abortedBy(signal));
    signal.addEventListener('abort', leave, { once: true });
    try {
      // graphql-js has no way to be stopped: the context's signal tells the resolvers, and nobody waits for those who do not listen.
      const result = run(call.variables, context?.(call, controller.signal, headers));
      return told(result instanceof Promise ? await untilAborted(result, controller.signal) : result);
    } catch (error) {
      throw error instanceof CallError ? error : new CallError('NOT_GRAPHQL', `${subgraph} failed`, { cause: error });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    }
  }

  return { send, close: async () => {} };
}

function prepare(
  schema: GraphQLSchema,
  query: string,
  compile: NonNullable<ProcessOptions['compile']>,
): RunText | readonly SubgraphError[] {
  try {
    const document = parse(query, { noLocation: true });
    const faults = validate(schema, document);
    return faults.length > 0 ? faults.map(plain) : compile(schema, document);
  } catch (error) {
    return [{ message: (error as Error).message }];
  }
}

const told = ({ data, errors, extensions }: ExecutionResult): SubgraphReply => ({ data, errors: errors?.map(plain), extensions });

const plain = ({ message, path, extensions }: GraphQLError): SubgraphError => ({ message, path, extensions });
