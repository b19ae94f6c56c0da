import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { buildSchema, type DocumentNode, type ExecutionResult, type GraphQLObjectType, type GraphQLSchema, type GraphQLUnionType, parse } from 'graphql';
import type { SubgraphDefinition } from './graph.ts';

/** Answers a subgraph's part of an operation. */
export type Execute = (query: string, variables: Readonly<Record<string, unknown>>) => ExecutionResult | Promise<ExecutionResult>;

type CompiledQuery = { query(root: unknown, context: unknown, variables: unknown): ExecutionResult | Promise<ExecutionResult> };

// Compiled by the same library as the registries' subgraphs, whose dependency it is.
const { compileQuery } = createRequire(fileURLToPath(import.meta.resolve('@commonweal/kit')))('graphql-jit') as {
  compileQuery(schema: GraphQLSchema, document: DocumentNode): CompiledQuery | ExecutionResult;
};

/** Documents of one subgraph that are kept compiled. A plan has a dozen. */
const MOST_COMPILED = 200;

/** A subgraph that can be asked, in this process. Throws when a question is none of its schema. */
export function executable(definition: SubgraphDefinition): Execute {
  const schema = executableSchema(definition);
  const compiled = new Map<string, CompiledQuery>();
  return (query, variables) => {
    let known = compiled.get(query);
    if (!known) {
      const made = compileQuery(schema, parse(query));
      if (!('query' in made)) throw new Error(`a gateway asked what a subgraph does not understand: ${JSON.stringify(made)} ${query}`);
      if (compiled.size >= MOST_COMPILED) compiled.delete(compiled.keys().next().value!);
      compiled.set(query, made);
      known = made;
    }
    return known.query(undefined, undefined, variables);
  };
}

/** The schema with resolvers, and with `_entities` as federation wants it. */
export function executableSchema({ sdl, entities, fields }: SubgraphDefinition): GraphQLSchema {
  const names = Object.keys(entities);
  const query = /^type Query\b/m.test(sdl) ? 'extend type Query' : 'type Query';
  const federation = `scalar _Any\nunion _Entity = ${names.join(' | ')}\n${query} { _entities(representations: [_Any!]!): [_Entity]! }`;
  const schema = buildSchema(`${sdl}\n${federation}`, { assumeValidSDL: true });
  const typeOf = (name: string) => schema.getType(name) as GraphQLObjectType;
  for (const [coordinate, resolve] of Object.entries(fields)) {
    const [type = '', field = ''] = coordinate.split('.');
    typeOf(type).getFields()[field]!.resolve = resolve as never;
  }
  typeOf('Query').getFields()._entities!.resolve = (_source: unknown, { representations }: { representations: { __typename: string }[] }) =>
    representations.map((one) => {
      const found = entities[one.__typename]?.(one as never);
      return found ? { ...found, __typename: one.__typename } : null;
    });
  (schema.getType('_Entity') as GraphQLUnionType).resolveType = (value: { __typename: string }) => value.__typename;
  return schema;
}
