import { type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import type { Requirement } from '../steps.ts';
import { argumentOf, baseName, fieldsOf, parseFieldSet, subgraphNames } from './supergraph-ast.ts';

/** What subgraphs can say of their objects without being asked by key. */
export interface LocalFields {
  /** Whether a subgraph itself has what is required of an object of the type, at a place where it provides some fields that it does not have elsewhere. */
  has(subgraph: string, type: string, required: readonly Requirement[], provided: readonly SelectionSetNode[]): boolean;
  /** Name of the type of a field. */
  typeOf(type: string, field: string): string | undefined;
  /** What a subgraph provides (`@provides`) below a field of its own. */
  providedBy(subgraph: string, type: string, field: string): readonly SelectionSetNode[];
}

/** Reads from the planner's supergraph which subgraph has which fields. */
export function localFields(supergraph: DocumentNode): LocalFields {
  const fields = fieldsOf(supergraph);
  const names = subgraphNames(supergraph);
  const keys = keyFields(supergraph, names);

  const joined = (field: FieldDefinitionNode | undefined, subgraph: string): ConstDirectiveNode | undefined =>
    field?.directives?.find((d) => {
      const graph = argumentOf(d, 'graph');
      return d.name.value === 'join__field' && graph?.kind === Kind.ENUM && names.get(graph.value) === subgraph;
    });

  function isOwn(subgraph: string, type: string, key: string): boolean {
    const field = fields(type).get(key);
    if (!field || key === '__typename' || keys.has(`${subgraph} ${type} ${key}`)) return true;
    // A field that says nothing of subgraphs is in all that have its type.
    if (!field.directives?.some((d) => d.name.value === 'join__field')) return true;
    const join = joined(field, subgraph);
    const external = join && argumentOf(join, 'external');
    return join !== undefined && !(external?.kind === Kind.BOOLEAN && external.value);
  }

  function has(subgraph: string, type: string, required: readonly Requirement[], provided: readonly SelectionSetNode[]): boolean {
    return required.every((need) => {
      if (need.kind === 'fragment') return [...(need.types ?? [type])].every((t) => has(subgraph, t, need.selections, provided));
      const below = provided.flatMap((set) => selected(set, need.key));
      if (below.length === 0 && !isOwn(subgraph, type, need.key)) return false;
      const field = fields(type).get(need.key);
      if (!need.selections || !field) return true;
      const sets = [...below.filter((set) => set !== null), ...providedBy(subgraph, type, need.key)];
      return has(subgraph, baseName(field.type), need.selections, sets);
    });
  }

  function providedBy(subgraph: string, type: string, name: string): readonly SelectionSetNode[] {
    const join = joined(fields(type).get(name), subgraph);
    const provides = join && argumentOf(join, 'provides');
    return provides?.kind === Kind.STRING ? [parseFieldSet(provides.value)] : [];
  }

  return {
    has,
    providedBy,
    typeOf: (type, name) => {
      const field = fields(type).get(name);
      return field && baseName(field.type);
    },
  };
}

/** What is selected under a name; null for a leaf. */
export function selected(set: SelectionSetNode, name: string): readonly (SelectionSetNode | null)[] {
  return set.selections.flatMap((selection): readonly (SelectionSetNode | null)[] => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return selected(selection.selectionSet, name);
    return selection.kind === Kind.FIELD && selection.name.value === name ? [selection.selectionSet ?? null] : [];
  });
}

function keyFields(supergraph: DocumentNode, names: ReadonlyMap<string, string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const directive of definition.directives ?? []) {
      const graph = argumentOf(directive, 'graph');
      const key = argumentOf(directive, 'key');
      if (directive.name.value !== 'join__type' || graph?.kind !== Kind.ENUM || key?.kind !== Kind.STRING) continue;
      for (const field of parseFieldSet(key.value).selections) {
        if (field.kind === Kind.FIELD) found.add(`${names.get(graph.value)} ${definition.name.value} ${field.name.value}`);
      }
    }
  }
  return found;
}
