import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/**
 * The fields asked for on the object type that a resolver answers with (or on one a few fields further down, along `path`), as paths:
 * `sex`, `name`, `name.surname`. Plain parts of a row (objects that are no entities) are followed, links are not.
 */
export function requestedFields(info: GraphQLResolveInfo, path: readonly string[] = []): Set<string> {
  let sets = info.fieldNodes.flatMap((n) => (n.selectionSet ? [n.selectionSet] : []));
  let type = getNamedType(info.returnType) as GraphQLObjectType;
  for (const step of path) {
    const nodes = sets.flatMap((s) => [...fieldsOf(s, type.name, info)]).filter((n) => n.name.value === step);
    sets = nodes.flatMap((n) => (n.selectionSet ? [n.selectionSet] : []));
    const field = type.getFields()[step];
    if (!field) return new Set();
    type = getNamedType(field.type) as GraphQLObjectType;
  }
  return collect(sets, type, info);
}

/** The union of what is asked for along several paths, for lists whose rows stand under `nodes` and `edges.node`. */
export const requestedRows = (info: GraphQLResolveInfo): Set<string> =>
  new Set([...requestedFields(info, ['nodes']), ...requestedFields(info, ['edges', 'node'])]);

/** The fields asked for on one type of an `_entities` fetch. */
export function requestedOnType(info: GraphQLResolveInfo, typeName: string): Set<string> {
  const type = info.schema.getType(typeName) as GraphQLObjectType;
  return collect(
    info.fieldNodes.flatMap((n) => (n.selectionSet ? [n.selectionSet] : [])),
    type,
    info,
  );
}

function collect(
  sets: readonly SelectionSetNode[],
  type: GraphQLObjectType,
  info: GraphQLResolveInfo,
  prefix = '',
  into = new Set<string>(),
): Set<string> {
  for (const set of sets) {
    for (const node of fieldsOf(set, type.name, info)) {
      const field = type.getFields()[node.name.value];
      if (!field) continue;
      into.add(prefix + node.name.value);
      const inner = getNamedType(field.type);
      if (prefix === '' && node.selectionSet && isObjectType(inner) && !inner.getFields().id)
        collect([node.selectionSet], inner, info, `${node.name.value}.`, into);
    }
  }
  return into;
}

function* fieldsOf(set: SelectionSetNode, typeName: string, info: GraphQLResolveInfo): Generator<FieldNode> {
  for (const s of set.selections) {
    if (s.kind === Kind.FIELD) yield s;
    else {
      const fragment = s.kind === Kind.INLINE_FRAGMENT ? s : info.fragments[s.name.value];
      const on = fragment?.typeCondition?.name.value;
      if (fragment && (on === undefined || on === typeName || !isObjectType(info.schema.getType(on))))
        yield* fieldsOf(fragment.selectionSet, typeName, info);
    }
  }
}
