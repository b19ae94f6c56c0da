import type { DocumentNode, ExecutionResult, GraphQLNamedType, GraphQLSchema, NamedTypeNode } from 'graphql';
import {
  execute,
  GraphQLError,
  getNamedType,
  getOperationAST,
  isInputObjectType,
  Kind,
  OperationTypeNode,
  typeFromAST,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from './context.ts';
import { Documents, type KnownDocument } from './documents.ts';

/** An operation that a registry runs. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
}

/** Runs operations on a registry's resolvers. Throws ApiError for a text that the registry does not understand. */
export type Execute = (operation: Operation, context: Context) => Promise<ExecutionResult>;

/** The resolvers of a registry twice: with the tripwire before each field that has a rule, and without. */
export interface Schemas {
  readonly guarded: GraphQLSchema;
  readonly bare: GraphQLSchema;
  /** Coordinates that have a rule. */
  readonly ruled: ReadonlySet<string>;
}

/** What runs an operation: graphql-jit where it can, or graphql-js always. */
export type ExecutorKind = 'jit' | 'js';

/**
 * Makes the executor. What a document selects is known from its text, so the tripwire's rules are asked once, before it runs: where all of them hold, the
 * resolvers run bare; where one does not, each field is guarded, and the tripwire trips at the first that may not be reached.
 */
export function createExecutor({ guarded, bare, ruled }: Schemas, kind: ExecutorKind): Execute {
  const documents = new Documents(guarded, ruled);
  return async ({ query, variables, operationName }, context) => {
    const known = documents.get(query);
    const isGuarded = !known.ruled.every((coordinate) => context.rights.field(coordinate));
    const schema = isGuarded ? guarded : bare;
    const compiled = kind === 'jit' && hasNeeded(known, variables) ? compiledFrom(known, schema, operationName, isGuarded) : null;
    if (compiled) return compiled.query(undefined, context, variables ?? {});
    return execute({
      schema,
      document: known.document,
      variableValues: variables,
      operationName: operationName ?? null,
      contextValue: context,
    });
  };
}

/** Whether a request gives all the variables that compiled code cannot do without. */
export const hasNeeded = ({ needed }: Pick<KnownDocument, 'needed'>, variables: Operation['variables']): boolean =>
  needed.every((name) => (variables?.[name] ?? null) !== null);

/** The compiled operation, or null for one that graphql-js has to run. */
function compiledFrom(known: KnownDocument, schema: GraphQLSchema, name: string | undefined, isGuarded: boolean): CompiledQuery | null {
  const key = `${isGuarded ? 'guarded' : 'bare'} ${name ?? ''}`;
  let compiled = known.compiled.get(key) as CompiledQuery | null | undefined;
  if (compiled === undefined) {
    compiled = compileOperation(known.document, schema, name);
    known.compiled.set(key, compiled);
  }
  return compiled;
}

/** Compiles an operation; null where compiled code would do anything else than graphql-js. Never leaves out the serialization of leaves: it is the check of each value. */
export function compileOperation(document: DocumentNode, schema: GraphQLSchema, name: string | undefined): CompiledQuery | null {
  if (getOperationAST(document, name)?.operation !== OperationTypeNode.QUERY || !isCompilable(document, schema)) return null;
  try {
    const compiled = compileQuery(schema, document, name, { disablingCapturingStackErrors: true });
    return isCompiledQuery(compiled) ? compiled : null;
  } catch {
    return null;
  }
}

/**
 * Whether compiled code gives what graphql-js gives. Left to graphql-js: names that an object literal takes for its prototype; directives, by which compiled
 * code leaves `undefined` behind where graphql-js leaves nothing; and variables whose type may hold itself, for which the compiler never comes to an end.
 */
function isCompilable(document: DocumentNode, schema: GraphQLSchema): boolean {
  let fits = true;
  visit(document, {
    [Kind.NAME](node) {
      if (node.value === '__proto__') fits = false;
    },
    [Kind.DIRECTIVE]() {
      fits = false;
    },
    [Kind.VARIABLE_DEFINITION](node) {
      const type = typeFromAST(schema, node.type as NamedTypeNode);
      if (!type || holdsItself(getNamedType(type), [])) fits = false;
    },
  });
  return fits;
}

/** Whether an input type may hold, at any depth, one that is above it. */
function holdsItself(type: GraphQLNamedType, above: readonly GraphQLNamedType[]): boolean {
  if (!isInputObjectType(type)) return false;
  if (above.includes(type)) return true;
  return Object.values(type.getFields()).some((field) => holdsItself(getNamedType(field.type), [...above, type]));
}

/** Errors of compiled code as graphql-js makes them: with extensions, and with the error of the resolver behind them. */
export function toGraphQLError(error: GraphQLError): GraphQLError {
  if (error.extensions) return error;
  const { message, nodes, path, originalError } = error;
  return new GraphQLError(message, { nodes, path, originalError });
}
