import { type GraphQLInputType, isInputObjectType, isLeafType, isListType, isNonNullType } from 'graphql';

/**
 * Whether a value is of a type, without a doubt. False means that graphql-js has to look at it, which is slower, and tells what is wrong: a single value for a
 * list, an input object of which exactly one field is to be given, and all that is wrong. The depth of the value was checked before.
 */
export function isSurelyFine(value: unknown, type: GraphQLInputType): boolean {
  if (isNonNullType(type)) return value !== null && value !== undefined && isSurelyFine(value, type.ofType);
  if (value === null || value === undefined) return value === null;
  if (isLeafType(type)) return isLeaf(value, type);
  if (isListType(type)) return Array.isArray(value) && value.every((item) => isSurelyFine(item, type.ofType));
  if (!isInputObjectType(type) || type.isOneOf || typeof value !== 'object' || Array.isArray(value)) return false;
  const fields = type.getFields();
  for (const name of Object.keys(value)) if (!Object.hasOwn(fields, name)) return false;
  for (const name in fields) {
    const field = fields[name]!;
    const given: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    if (given === undefined) {
      if (field.defaultValue === undefined && isNonNullType(field.type)) return false;
    } else if (!isSurelyFine(given, field.type)) return false;
  }
  return true;
}

function isLeaf(value: unknown, type: { parseValue(value: unknown): unknown }): boolean {
  try {
    return type.parseValue(value) !== undefined;
  } catch {
    return false;
  }
}
