import { type GraphQLEnumType, type GraphQLLeafType, type GraphQLScalarType, isEnumType, isSpecifiedScalarType } from 'graphql';
import type { ShapeRules } from './shape.ts';

/** Thrown at data that only the exact way can judge. Made once: it is a signal, and its stack would mean nothing. */
export const ODD = new Error('odd data');

/** Gives a leaf as it stands in the answer; null when it may not be told. Throws ODD when it is none of its type. */
export type Leaf = (value: unknown) => unknown;

/** The check for a leaf type. */
export const leafOf = (type: GraphQLLeafType, rules: ShapeRules | undefined): Leaf =>
  isEnumType(type) ? enumLeaf(type, rules) : scalarLeaf(type);

function scalarLeaf(type: GraphQLScalarType): Leaf {
  // What JSON gives for a scalar of GraphQL's own needs a look and no change; everything else is for the scalar itself to judge.
  switch (isSpecifiedScalarType(type) ? type.name : '') {
    case 'String':
    case 'ID':
      return (value) => (typeof value === 'string' ? value : serialized(type, value));
    case 'Int':
      return (value) => (typeof value === 'number' && (value | 0) === value ? value : serialized(type, value));
    case 'Float':
      return (value) => (typeof value === 'number' && Number.isFinite(value) ? value : serialized(type, value));
    case 'Boolean':
      return (value) => (typeof value === 'boolean' ? value : serialized(type, value));
    default:
      return (value) => serialized(type, value);
  }
}

function serialized(type: GraphQLLeafType, value: unknown): unknown {
  let leaf: unknown;
  try {
    leaf = type.serialize(value);
  } catch {
    throw ODD;
  }
  if (leaf === undefined || leaf === null) throw ODD;
  return leaf;
}

function enumLeaf(type: GraphQLEnumType, rules: ShapeRules | undefined): Leaf {
  const known = new Map<unknown, string | null>(
    type
      .getValues()
      .filter((v) => v.value === v.name)
      .map((v) => [v.name, (rules?.enumValue(type.name, v.name) ?? true) ? v.name : null]),
  );
  return (value) => {
    const told = known.get(value);
    return told === undefined ? serialized(type, value) : told;
  };
}
