import { type GraphQLAbstractType, type GraphQLObjectType, getNamedType, isInterfaceType, type SelectionSetNode } from 'graphql';
import { type Collecting, collectFields } from './shape.collect.ts';

/**
 * A plan does not fetch what type an object has where the answer is the same for all of them: such an object, behind an interface, may be read as one of this
 * type. Null when the answer depends on the type.
 */
export function anyOf(
  collecting: Collecting,
  type: GraphQLAbstractType,
  sets: readonly (SelectionSetNode | undefined)[],
): GraphQLObjectType | null {
  if (!isInterfaceType(type)) return null;
  const [first, ...others] = collecting.schema.getPossibleTypes(type);
  if (!first) return null;
  const fields = [...collectFields(collecting, first, sets)];
  const known = type.getFields();
  for (const [, [node]] of fields) {
    const name = node?.name.value ?? '';
    const definition = Object.hasOwn(known, name) ? known[name] : undefined;
    // `__typename`, and what only some of the types have.
    if (!definition) return null;
    const wanted = getNamedType(definition.type);
    if ([first, ...others].some((t) => getNamedType(t.getFields()[name]?.type) !== wanted)) return null;
  }
  const isSame = others.every((other) => {
    const theirs = [...collectFields(collecting, other, sets)];
    return (
      theirs.length === fields.length &&
      theirs.every(
        ([key, nodes], i) =>
          key === fields[i]?.[0] && nodes.length === fields[i][1].length && nodes.every((n, j) => n === fields[i]?.[1][j]),
      )
    );
  });
  return isSame ? first : null;
}
