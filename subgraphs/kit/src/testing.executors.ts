import { isDeepStrictEqual } from 'node:util';
import {
  defaultFieldResolver,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { inject } from 'vitest';
import { nameOf } from './access/entity.ts';
import type { Context } from './graph/context.ts';
import { Documents } from './graph/documents.ts';
import { formatError } from './graph/errors.ts';
import { compileOperation, createExecutor, type Execute, hasNeeded, type Schemas, toGraphQLError } from './graph/executor.ts';
import { requestedFields } from './graph/selection.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What runs the registries of this run: compiled code, as in production, or both executors side by side. */
    executors: 'jit' | 'both';
  }
}

/** What both executors were asked, and where they differed. */
export interface Compared {
  /** Operations that both have run. */
  readonly both: string[];
  /** Operations that are left to graphql-js. */
  readonly left: string[];
  /** Differences, each with the operation. Empty is what is wanted. */
  readonly differences: string[];
}

/** The executor of a registry under test, and what stopping it has to ask. */
export interface TestedExecutor {
  readonly executor: ((schemas: Schemas) => Execute) | undefined;
  /** Throws when the executors have differed. */
  check(): void;
}

/** What the registries of this run are run by. `npm test -- --mode executors` runs the whole suite on both, and fails where they differ. */
export function testedExecutor(): TestedExecutor {
  if (inject('executors') !== 'both') return { executor: undefined, check: () => {} };
  const compared: Compared = { both: [], left: [], differences: [] };
  return {
    executor: bothExecutors(compared),
    check() {
      process.stdout.write(`executors: ${compared.both.length} operations run by both, ${compared.left.length} left to graphql-js\n`);
      if (compared.differences.length > 0) throw new Error(`graphql-jit and graphql-js differ:\n${compared.differences.join('\n')}`);
    },
  };
}

/** What a resolver gave in the first run, by its place in the answer. */
type Tape = Map<
  string,
  { readonly args: unknown; readonly requested: string; readonly outcome: { readonly value: unknown } | { readonly error: unknown } }
>;

/**
 * An executor that runs each query twice: by graphql-js, noting what each resolver gives, and by compiled code, whose resolvers give the same once more. So nothing
 * is read or counted twice, random values are equal, and what differs is the executors' doing.
 */
export function bothExecutors(compared: Compared): (schemas: Schemas) => Execute {
  return (schemas) => {
    const recording = new WeakMap<Context, Tape>();
    const replaying = new WeakMap<Context, Tape>();
    const told = (what: string) => compared.differences.push(what);
    for (const schema of [schemas.guarded, schemas.bare]) watch(schema, recording, replaying, told);
    const js = createExecutor(schemas, 'js');
    const documents = new Documents(schemas.guarded, schemas.ruled);
    return async (operation, context) => {
      const known = documents.get(operation.query);
      const { document, ruled } = known;
      const schema = ruled.every((coordinate) => context.rights.field(coordinate)) ? schemas.bare : schemas.guarded;
      const compiled = hasNeeded(known, operation.variables) ? compileOperation(document, schema, operation.operationName) : null;
      if (!compiled) {
        compared.left.push(operation.query);
        return js(operation, context);
      }
      const tape: Tape = new Map();
      recording.set(context, tape);
      const wanted = await js(operation, context);
      recording.delete(context);
      replaying.set(context, tape);
      const got = await compiled.query(undefined, context, operation.variables ?? {});
      replaying.delete(context);
      compared.both.push(operation.query);
      if (heardOf(wanted) !== heardOf(got)) told(`${operation.query}\n  graphql-js  ${heardOf(wanted)}\n  graphql-jit ${heardOf(got)}`);
      return wanted;
    };
  };
}

/** A result as a caller hears it. Which of several errors comes first is nobody's right. */
function heardOf({ data, errors }: ExecutionResult): string {
  const heard = (error: GraphQLError) => JSON.stringify(formatError(toGraphQLError(error), 'request', () => {}));
  return JSON.stringify([data, errors?.map(heard).toSorted()]);
}

/** Arguments without their prototypes, which differ, and which nobody looks at. */
const plain = (args: unknown): unknown => JSON.parse(JSON.stringify(args));

const placeOf = (path: GraphQLResolveInfo['path'] | undefined): string => (path ? `${placeOf(path.prev)}/${path.key}` : '');

/** Puts the recorder before each resolver; fields without one are left to each executor's own way. */
function watch(
  schema: GraphQLSchema,
  recording: WeakMap<Context, Tape>,
  replaying: WeakMap<Context, Tape>,
  told: (what: string) => void,
): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const own = field.resolve;
      if (!own || own === defaultFieldResolver) continue;
      field.resolve = (parent, args, context: Context, info) => {
        const place = placeOf(info.path);
        const requested =
          info.fieldNodes.some((n) => n.selectionSet) && info.fieldName !== '_entities' ? nameOf(requestedFields(info)) : '';
        const before = replaying.get(context)?.get(place);
        if (replaying.has(context)) {
          if (!before) told(`${type.name}.${field.name} is asked for at ${place} by one executor only`);
          else if (!isDeepStrictEqual(plain(before.args), plain(args)))
            told(`${place}: arguments ${JSON.stringify(before.args)} and ${JSON.stringify(args)}`);
          else if (before.requested !== requested) told(`${place}: selections ${before.requested} and ${requested}`);
          if (!before) return undefined;
          if ('error' in before.outcome) throw before.outcome.error;
          return before.outcome.value;
        }
        const note = (outcome: { value: unknown } | { error: unknown }) =>
          void recording.get(context)?.set(place, { args, requested, outcome });
        try {
          const value: unknown = own(parent, args, context, info);
          note({ value });
          return value;
        } catch (error) {
          note({ error });
          throw error;
        }
      };
    }
  }
}
