import type { DocumentNode, GraphQLSchema } from 'graphql';
import { executeSync, responsePathAsArray } from 'graphql';
import { Ref, ROOT, type World } from './world.ts';

/** A field of an object that an operation asks for, with its place in the answer. */
export interface Visit {
  readonly type: string;
  readonly id: string;
  readonly field: string;
  readonly path: readonly (string | number)[];
}

/** What one server with all of the data would answer, without any fault. */
export interface Truth {
  readonly data: Record<string, unknown>;
  readonly visits: readonly Visit[];
}

/** Executes an operation over the made-up data with graphql-js; null when the answer is too large to be of use. */
export function askMonolith(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  world: World,
): Truth | null {
  const visits: Visit[] = [];
  const result = executeSync({
    schema,
    document,
    variableValues: variables as Record<string, unknown>,
    rootValue: new Ref('', ROOT),
    typeResolver: (value) => (value as Ref).type,
    fieldResolver: (source: Ref, args, _context, info) => {
      if (visits.length > 300) throw new TooLarge();
      const type = info.parentType.name;
      visits.push({ type, id: source.id, field: info.fieldName, path: responsePathAsArray(info.path) });
      return world.value(type, source.id, info.fieldName, args);
    },
  });
  const [error] = result.errors ?? [];
  if (error?.originalError instanceof TooLarge) return null;
  if (error || !result.data) throw new Error(`the monolith failed: ${error?.message}`, { cause: error });
  return { data: result.data as Record<string, unknown>, visits };
}

class TooLarge extends Error {}
