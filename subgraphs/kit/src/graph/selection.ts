import {
  BREAK,
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** What was found for a field of a document, by type and path. A document is parsed once for many requests, and its fields are found again by identity. */
const known = new WeakMap<FieldNode, Map<string, ReadonlySet<string>>>();
/** Whether a variable decides what of an operation is asked for. */
const conditional = new WeakMap<OperationDefinitionNode, boolean>();

function isConditional({ operation, fragments }: GraphQLResolveInfo): boolean {
  let found = conditional.get(operation);
  if (found === undefined) {
    found = false;
    const note = () => {
      found = true;
      return BREAK;
    };
    for (const node of [operation, ...Object.values(fragments)]) visit(node, { [Kind.DIRECTIVE]: note });
    conditional.set(operation, found);
  }
  return found;
}

function remembered(info: GraphQLResolveInfo, key: string, find: () => ReadonlySet<string>): ReadonlySet<string> {
  // Fields that were merged belong together in this operation only, and what is left out by a variable in this request only.
  const [node, second] = info.fieldNodes;
  if (!node || second || isConditional(info)) return find();
  const byKey = known.get(node) ?? new Map<string, ReadonlySet<string>>();
  const found = byKey.get(key) ?? find();
  known.set(node, byKey.set(key, found));
  return found;
}

/**
 * The fields asked for on the object type that a resolver answers with (or on one a few fields further down, along `path`), as paths:
 * `sex`, `name`, `name.surname`. Plain parts of a row (objects that are no entities) are followed, links are not. The same set for the same field.
 */
export function requestedFields(info: GraphQLResolveInfo, path: readonly string[] = []): ReadonlySet<string> {
  const returned = getNamedType(info.returnType) as GraphQLObjectType;
  return remembered(info, `${returned.name} ${path.join('.')}`, () => {
    const { sets, type } = below(info, returned, path);
    return type ? collect(sets, type, info) : new Set<string>();
  });
}

/** The union of what is asked for along several paths, for lists whose rows stand under `nodes` and `edges.node`. */
export const requestedRows = (info: GraphQLResolveInfo): ReadonlySet<string> =>
  remembered(
    info,
    `${getNamedType(info.returnType).name} rows`,
    () => new Set([...requestedFields(info, ['nodes']), ...requestedFields(info, ['edges', 'node'])]),
  );

/**
 * What is asked for behind one link of the rows of a list, exactly as the link's resolver will be asked for it. Null when it is not asked for, or more than once:
 * then each is read by itself.
 */
export function requestedLink(info: GraphQLResolveInfo, link: string): ReadonlySet<string> | null {
  const returned = getNamedType(info.returnType) as GraphQLObjectType;
  const nodes = [['nodes'], ['edges', 'node']].flatMap((path) => {
    const { sets, type } = below(info, returned, path);
    return type ? sets.flatMap((s) => [...fieldsOf(s, type.name, info)]).filter((n) => n.name.value === link) : [];
  });
  if (nodes.length !== 1) return null;
  const path = requestedFields(info, ['nodes']).has(link) ? ['nodes', link] : ['edges', 'node', link];
  return requestedFields(info, path);
}

/** The fields asked for on one type of an `_entities` fetch. */
export const requestedOnType = (info: GraphQLResolveInfo, typeName: string): ReadonlySet<string> =>
  remembered(info, `on ${typeName}`, () => collect(setsOf(info.fieldNodes), info.schema.getType(typeName) as GraphQLObjectType, info));

const setsOf = (nodes: readonly FieldNode[]): SelectionSetNode[] => nodes.flatMap((n) => (n.selectionSet ? [n.selectionSet] : []));

/** The selections at the end of a path below what a resolver answers with, and their type; no type where the path leads nowhere. */
function below(
  info: GraphQLResolveInfo,
  from: GraphQLObjectType,
  path: readonly string[],
): { sets: SelectionSetNode[]; type: GraphQLObjectType | null } {
  let sets = setsOf(info.fieldNodes);
  let type = from;
  for (const step of path) {
    const inside = type.name;
    sets = setsOf(sets.flatMap((s) => [...fieldsOf(s, inside, info)]).filter((n) => n.name.value === step));
    const field = type.getFields()[step];
    if (!field) return { sets: [], type: null };
    type = getNamedType(field.type) as GraphQLObjectType;
  }
  return { sets, type };
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

/** Whether a request leaves something out: then it is not read either, nor on record as given. */
const isLeftOut = (node: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean =>
  getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if === true ||
  getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if === false;

function* fieldsOf(set: SelectionSetNode, typeName: string, info: GraphQLResolveInfo): Generator<FieldNode> {
  for (const s of set.selections) {
    if (s.directives?.length && isLeftOut(s, info)) continue;
    if (s.kind === Kind.FIELD) yield s;
    else {
      const fragment = s.kind === Kind.INLINE_FRAGMENT ? s : info.fragments[s.name.value];
      const on = fragment?.typeCondition?.name.value;
      if (fragment && (on === undefined || on === typeName || !isObjectType(info.schema.getType(on))))
        yield* fieldsOf(fragment.selectionSet, typeName, info);
    }
  }
}
