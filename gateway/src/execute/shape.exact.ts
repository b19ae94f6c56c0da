import {
  executeSync,
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  responsePathAsArray,
} from 'graphql';
import type { Refused, ShapeInput, ShapeRules } from './shape.ts';

interface Shaping {
  readonly rules: ShapeRules | undefined;
  readonly met: Map<string, Refused>;
}

/** The exact way: graphql-js executes the client's document over the merged data, so that null and errors go where GraphQL wants them. */
export function exactly(
  { schema, document, operationName, rules }: ShapeInput,
  data: Readonly<Record<string, unknown>> | null,
  variables: Readonly<Record<string, unknown>>,
): { readonly data: Record<string, unknown> | null; readonly errors: readonly GraphQLError[]; readonly refused: readonly Refused[] } {
  const shaping: Shaping = { rules, met: new Map() };
  const result = executeSync({
    schema,
    document,
    operationName,
    rootValue: data ?? {},
    contextValue: shaping,
    variableValues: variables,
    fieldResolver: read,
    typeResolver: (value: unknown) => ownValue(value, '__typename') as string,
  });
  return {
    data: (result.data as Record<string, unknown> | undefined) ?? null,
    errors: result.errors ?? [],
    refused: [...shaping.met.values()],
  };
}

const read: GraphQLFieldResolver<unknown, Shaping> = (source, _args, { rules, met }, info) => {
  const key = String(info.path.key);
  if (!rules) return told(ownValue(source, key), info.returnType, rules);
  for (const node of info.fieldNodes) {
    const coordinate = rules.refused(node);
    if (coordinate === undefined) continue;
    if (!met.has(coordinate)) met.set(coordinate, { coordinate, nodes: info.fieldNodes, path: responsePathAsArray(info.path) });
    return null;
  }
  return told(ownValue(source, rules.key(key, info.fieldName)), info.returnType, rules);
};

/** A property of the object itself: nothing that JavaScript lends to every object is data. */
const ownValue = (source: unknown, key: string): unknown =>
  typeof source === 'object' && source !== null && Object.hasOwn(source, key) ? ((source as Record<string, unknown>)[key] ?? null) : null;

/** A value without what may not be told, and with an error where an object should be and is none. */
function told(value: unknown, type: GraphQLOutputType, rules: ShapeRules | undefined): unknown {
  if (value === null || value === undefined) return null;
  if (isNonNullType(type)) return told(value, type.ofType, rules);
  if (isListType(type)) return Array.isArray(value) ? value.map((v) => told(v, type.ofType, rules)) : value;
  if (isEnumType(type))
    return rules && typeof value === 'string' && type.getValue(value) && !rules.enumValue(type.name, value) ? null : value;
  if (!isCompositeType(type)) return value;
  if (typeof value !== 'object' || Array.isArray(value)) return new TypeError(`Expected an object of type ${type.name}.`);
  if (!rules || !isAbstractType(type)) return value;
  const name = ownValue(value, '__typename');
  if (typeof name !== 'string' || !rules.type(name)) return null;
  const proof = rules.proof(type);
  return proof !== null && ownValue(value, proof) === null ? null : value;
}
