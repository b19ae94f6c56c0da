import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  parse,
} from 'graphql';
import type { SubgraphDefinition } from './graph.ts';

type Variables = Readonly<Record<string, unknown>>;
type Result = ExecutionResult | Promise<ExecutionResult>;
/** Answers a subgraph's part of an operation. */
export type Execute = (query: string, variables: Variables) => Result;

interface CompiledQuery {
  query(root: unknown, context: unknown, variables: unknown): Result;
}

// Compiled by the same library as the registries' subgraphs, whose dependency it is.
const { compileQuery } = createRequire(fileURLToPath(import.meta.resolve('@commonweal/kit')))('graphql-jit') as {
  compileQuery(schema: GraphQLSchema, document: DocumentNode): CompiledQuery | ExecutionResult;
};

/** Makes a document ready to be run. Throws when it is none of the schema's. */
export function compiled(schema: GraphQLSchema, document: DocumentNode): (variables: Variables) => Result {
  const made = compileQuery(schema, document);
  if (!('query' in made)) throw new Error(`a gateway asked what a subgraph does not understand: ${JSON.stringify(made)}`);
  return (variables) => made.query(undefined, undefined, variables);
}

/** Documents of one subgraph that are kept compiled. A plan has a dozen. */
const MOST_COMPILED = 200;

/** A subgraph that can be asked, in this process. */
export function executable(definition: SubgraphDefinition): Execute {
  const schema = executableSchema(definition);
  const known = new Map<string, ReturnType<typeof compiled>>();
  return (query, variables) => {
    let run = known.get(query);
    if (!run) {
      run = compiled(schema, parse(query));
      if (known.size >= MOST_COMPILED) known.delete(known.keys().next().value!);
      known.set(query, run);
    }
    return run(variables);
  };
}

/** The schema with resolvers, and with `_entities` as federation wants it. */
export function executableSchema({ sdl, entities, fields }: SubgraphDefinition): GraphQLSchema {
  const query = /^type Query\b/m.test(sdl) ? 'extend type Query' : 'type Query';
  const union = `union _Entity = ${Object.keys(entities).join(' | ')}`;
  const federation = `scalar _Any\n${union}\n${query} { _entities(representations: [_Any!]!): [_Entity]! }`;
  const schema = buildSchema(`${sdl}\n${federation}`, { assumeValidSDL: true });
  const fieldsOf = (type: string) => (schema.getType(type) as GraphQLObjectType).getFields();
  for (const [coordinate, resolve] of Object.entries(fields)) {
    const [type = '', field = ''] = coordinate.split('.');
    fieldsOf(type)[field]!.resolve = resolve as never;
  }
  fieldsOf('Query')._entities!.resolve = (_source: unknown, { representations }: { representations: { __typename: string }[] }) =>
    representations.map((one) => {
      const found = entities[one.__typename]?.(one as never);
      return found ? { ...found, __typename: one.__typename } : null;
    });
  (schema.getType('_Entity') as GraphQLUnionType).resolveType = (value: { __typename: string }) => value.__typename;
  return schema;
}
