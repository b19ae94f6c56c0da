import { type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql';

/** Of values of inputs (arguments, or fields of an input object, by name) what these types know, and nothing else. */
export function withKnown(
  values: Readonly<Record<string, unknown>>,
  types: ReadonlyMap<string, GraphQLInputType>,
): Record<string, unknown> {
  const known = Object.entries(values).flatMap(([name, value]) => {
    const type = types.get(name);
    return type ? [[name, knownOf(value, type)]] : [];
  });
  return Object.fromEntries(known) as Record<string, unknown>;
}

function knownOf(value: unknown, type: GraphQLInputType): unknown {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((v) => knownOf(v, type));
  const fields = Object.values(named.getFields()).map((f) => [f.name, f.type] as const);
  return withKnown(value as Record<string, unknown>, new Map(fields));
}
