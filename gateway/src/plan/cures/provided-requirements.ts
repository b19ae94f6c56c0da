import { type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind, type SelectionSetNode, visit } from 'graphql';
import { type Subtypes, subtypesOf } from '../subtypes.ts';
import { localFields } from './local-fields.ts';
import { requirementsOfSet } from './required-fields.ts';
import { argumentOf, baseName, type FieldsOf, fieldsOf, parseFieldSet, printFieldSet, subgraphNames } from './supergraph-ast.ts';

/**
 * Where a subgraph provides a field (`@provides`) that another of its fields requires, the planner asks for that other field on the way and sends it nothing. It
 * may give the field out there and still compute from what it is sent. Here the planner is not told of what is provided so: it fetches the field and sends it.
 * Where the field cannot be fetched by key, all stays as it is: what the subgraph has itself is then all that there is.
 */
export function withRequirementsNotProvided(supergraph: DocumentNode): DocumentNode {
  const names = subgraphNames(supergraph);
  const fields = fieldsOf(supergraph);
  const subtypes = subtypesOf(supergraph);
  const isRequired = requiredAnywhere(supergraph, fields, subtypes);
  const isFetchable = fetchable(supergraph, names, subtypes);

  const left = (graph: string, set: SelectionSetNode, type: string): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      const isField = selection.kind === Kind.FIELD;
      if (isField && isRequired(graph, type, selection.name.value) && isFetchable(graph, type, selection.name.value)) return [];
      if (!selection.selectionSet) return [selection];
      const below = isField ? fields(type).get(selection.name.value)?.type : undefined;
      const inner = isField ? (below ? baseName(below) : type) : (selection.typeCondition?.name.value ?? type);
      const selectionSet = left(graph, selection.selectionSet, inner);
      return selectionSet.selections.length > 0 ? [{ ...selection, selectionSet }] : [];
    }),
  });

  const mended = (directive: ConstDirectiveNode, field: FieldDefinitionNode): ConstDirectiveNode => {
    const graph = argumentOf(directive, 'graph');
    const provides = argumentOf(directive, 'provides');
    if (directive.name.value !== 'join__field' || graph?.kind !== Kind.ENUM || provides?.kind !== Kind.STRING) return directive;
    const set = parseFieldSet(provides.value);
    const kept = left(graph.value, set, baseName(field.type));
    const value = kept.selections.length > 0 ? printFieldSet(kept) : '';
    if (value === printFieldSet(set)) return directive;
    const others = directive.arguments?.filter((a) => a.name.value !== 'provides') ?? [];
    const argument = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'provides' }, value: { kind: Kind.STRING, value } } as const;
    return { ...directive, arguments: value ? [...others, argument] : others };
  };
  return visit(supergraph, {
    FieldDefinition: (node) => {
      const directives = node.directives?.map((d) => mended(d, node));
      return directives?.some((d, i) => d !== node.directives?.[i]) ? { ...node, directives } : undefined;
    },
  });
}

/** Whether some field of a subgraph (by its name inside the supergraph) requires a field, itself or below others. */
function requiredAnywhere(supergraph: DocumentNode, fields: FieldsOf, subtypes: Subtypes) {
  const found = new Set<string>();
  const collect = (graph: string, set: SelectionSetNode, type: string): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) for (const t of subtypes(type)) found.add(`${graph} ${t} ${selection.name.value}`);
      if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) continue;
      const below = selection.kind === Kind.FIELD ? fields(type).get(selection.name.value)?.type : undefined;
      const condition = selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : undefined;
      collect(graph, selection.selectionSet, below ? baseName(below) : (condition ?? type));
    }
  };
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const directive of (definition.fields ?? []).flatMap((f) => f.directives ?? [])) {
      const graph = argumentOf(directive, 'graph');
      const requires = argumentOf(directive, 'requires');
      if (directive.name.value !== 'join__field' || graph?.kind !== Kind.ENUM || requires?.kind !== Kind.STRING) continue;
      collect(graph.value, parseFieldSet(requires.value), definition.name.value);
    }
  }
  return (graph: string, type: string, field: string) => [...subtypes(type)].some((t) => found.has(`${graph} ${t} ${field}`));
}

/** Whether a field that a subgraph has not itself can be fetched for its objects by their keys, and the objects can be come back to. */
function fetchable(supergraph: DocumentNode, names: ReadonlyMap<string, string>, subtypes: Subtypes) {
  const local = localFields(supergraph);
  const keys = new Map<string, readonly { readonly graph: string; readonly fields: string }[]>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    keys.set(definition.name.value, (definition.directives ?? []).flatMap(keyOf));
  }
  const has = (graph: string, type: string, key: string) =>
    local.has(names.get(graph) ?? graph, type, requirementsOfSet(parseFieldSet(key), subtypes), []);

  const isFetchable = (graph: string, type: string, field: string): boolean => {
    const its = keys.get(type) ?? [];
    if (!its.some((key) => key.graph === graph)) return false;
    const reached = new Set([graph]);
    // Each subgraph that is come to may have the key of others. A set is walked with what is added to it on the way.
    for (const from of reached) for (const key of its) if (has(from, type, key.fields)) reached.add(key.graph);
    return [...reached].some((to) => to !== graph && has(to, type, field));
  };
  return (graph: string, type: string, field: string): boolean => {
    if (has(graph, type, field)) return false;
    const objects = [...subtypes(type)].filter((t) => keys.get(t)?.some((key) => key.graph === graph));
    return objects.length > 0 && objects.every((t) => isFetchable(graph, t, field));
  };
}

function keyOf(directive: ConstDirectiveNode): readonly { readonly graph: string; readonly fields: string }[] {
  const graph = argumentOf(directive, 'graph');
  const fields = argumentOf(directive, 'key');
  const resolvable = argumentOf(directive, 'resolvable');
  if (directive.name.value !== 'join__type' || graph?.kind !== Kind.ENUM || fields?.kind !== Kind.STRING) return [];
  return resolvable?.kind === Kind.BOOLEAN && !resolvable.value ? [] : [{ graph: graph.value, fields: fields.value }];
}
