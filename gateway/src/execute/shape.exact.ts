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
import type { Refused, ShapeInput } from './shape.ts';
import { anyOf } from './shape.untyped.ts';

interface Shaping {
  readonly input: ShapeInput;
  readonly met: Map<string, Refused>;
}

/** The exact way: graphql-js executes the client's document over the merged data, so that null and errors go where GraphQL wants them. */
export function exactly(
  input: ShapeInput,
  data: Readonly<Record<string, unknown>> | null,
  variables: Readonly<Record<string, unknown>>,
): { readonly data: Record<string, unknown> | null; readonly errors: readonly GraphQLError[]; readonly refused: readonly Refused[] } {
  const { schema, document, operationName, untyped } = input;
  const shaping: Shaping = { input, met: new Map() };
  const result = executeSync({
    schema,
    document,
    operationName,
    rootValue: data ?? {},
    contextValue: shaping,
    variableValues: variables,
    fieldResolver: read,
    typeResolver(value: unknown, _context, info, type) {
      const name = ownValue(value, '__typename');
      if ((name !== null && name !== type.name) || !untyped?.has(type.name)) return name as string;
      const collecting = { schema, fragments: new Map(Object.entries(info.fragments)), variables: info.variableValues };
      const any = anyOf(
        collecting,
        type,
        info.fieldNodes.map((n) => n.selectionSet),
      );
      return any?.name ?? (name as unknown as string);
    },
  });
  return {
    data: (result.data as Record<string, unknown> | undefined) ?? null,
    errors: result.errors ?? [],
    refused: [...shaping.met.values()],
  };
}

const read: GraphQLFieldResolver<unknown, Shaping> = (source, _args, { input, met }, info) => {
  const { rules } = input;
  const key = String(info.path.key);
  if (!rules) return told(ownValue(source, key), info.returnType, input);
  for (const node of info.fieldNodes) {
    const coordinate = rules.refused(node);
    if (coordinate === undefined) continue;
    if (!met.has(coordinate)) met.set(coordinate, { coordinate, nodes: info.fieldNodes, path: responsePathAsArray(info.path) });
    return null;
  }
  return told(ownValue(source, rules.key(key, info.fieldName)), info.returnType, input);
};

/** A property of the object itself: nothing that JavaScript lends to every object is data. */
const ownValue = (source: unknown, key: string): unknown =>
  typeof source === 'object' && source !== null && Object.hasOwn(source, key) ? ((source as Record<string, unknown>)[key] ?? null) : null;

/** A value without what may not be told, and with an error where an object should be and is none. */
function told(value: unknown, type: GraphQLOutputType, input: ShapeInput): unknown {
  const { rules } = input;
  if (value === null || value === undefined) return null;
  if (isNonNullType(type)) return told(value, type.ofType, input);
  if (isListType(type)) return Array.isArray(value) ? value.map((v) => told(v, type.ofType, input)) : value;
  if (isEnumType(type))
    return rules && typeof value === 'string' && type.getValue(value) && !rules.enumValue(type.name, value) ? null : value;
  if (!isCompositeType(type)) return value;
  if (typeof value !== 'object' || Array.isArray(value)) return new TypeError(`Expected an object of type ${type.name}.`);
  if (!rules || !isAbstractType(type)) return value;
  const name = ownValue(value, '__typename');
  const proof = rules.proof(type);
  // Without a name it may be of any type, so all of them have to be such as may be told.
  const mayBeUntyped =
    input.untyped?.has(type.name) && proof === null && input.schema.getPossibleTypes(type).every((t) => rules.type(t.name));
  const isHidden = name === null || name === type.name ? !mayBeUntyped : typeof name !== 'string' || !rules.type(name);
  if (isHidden) return null;
  return proof !== null && ownValue(value, proof) === null ? null : value;
}
