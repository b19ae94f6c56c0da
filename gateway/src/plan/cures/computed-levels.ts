import { type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { type Subtypes, subtypesOf } from '../subtypes.ts';
import { argumentOf, baseName, type FieldsOf, fieldsOf, parseFieldSet } from './supergraph-ast.ts';

/** A field that a subgraph (by its name inside the supergraph) computes from others. */
export interface Computed {
  readonly graph: string;
  readonly type: string;
  readonly field: string;
  /** The fields that it requires, at whatever depth, each as its type and its name. */
  readonly requires: readonly string[];
  /** One more than the level of any field that it requires; of those that require nothing computed it is one. */
  readonly level: number;
}

/** Finds the fields that require others, and how many steps it takes to each. */
export function computedFields(supergraph: DocumentNode): readonly Computed[] {
  const find = fieldsInSets(supergraph);
  const found: Omit<Computed, 'level'>[] = [];
  for (const { type, field, join } of joinsIn(supergraph)) {
    const graph = graphOf(join);
    const requires = argumentOf(join, 'requires');
    if (graph === null || requires?.kind !== Kind.STRING) continue;
    found.push({ graph, type, field: field.name.value, requires: find(type, requires.value) });
  }
  const byField = Map.groupBy(found, (c) => `${c.type} ${c.field}`);
  const levels = new Map<Omit<Computed, 'level'>, number>();
  const levelOf = (computed: Omit<Computed, 'level'>): number => {
    const known = levels.get(computed);
    if (known !== undefined) return known;
    // What goes round in a circle can be planned by nobody.
    levels.set(computed, 0);
    const level = 1 + Math.max(0, ...computed.requires.flatMap((f) => (byField.get(f) ?? []).map(levelOf)));
    levels.set(computed, level);
    return level;
  };
  return found.map((computed) => ({ ...computed, level: levelOf(computed) }));
}

/** Every `join__field` of a supergraph. */
export function joinsIn(
  supergraph: DocumentNode,
): readonly { readonly type: string; readonly field: FieldDefinitionNode; readonly join: ConstDirectiveNode }[] {
  return supergraph.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
    const type = definition.name.value;
    return (definition.fields ?? []).flatMap((field) =>
      (field.directives ?? []).filter((d) => d.name.value === 'join__field').map((join) => ({ type, field, join })),
    );
  });
}

/** The graph that a directive of composition is about; null when it names none. */
export function graphOf(directive: ConstDirectiveNode): string | null {
  const graph = directive.name.value.startsWith('join__') ? argumentOf(directive, 'graph') : undefined;
  return graph?.kind === Kind.ENUM ? graph.value : null;
}

/** Finds the fields in a set of fields of a type, each as its type and its name; a field of an interface is one of all that is behind it. */
export function fieldsInSets(supergraph: DocumentNode): (type: string, set: string) => readonly string[] {
  const fields = fieldsOf(supergraph);
  const subtypes = subtypesOf(supergraph);
  return (type, set) => [...new Set(fieldsInSet(parseFieldSet(set), type, fields, subtypes))];
}

function fieldsInSet(set: SelectionSetNode, type: string, fields: FieldsOf, subtypes: Subtypes): readonly string[] {
  return set.selections.flatMap((selection): readonly string[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return fieldsInSet(selection.selectionSet, selection.typeCondition?.name.value ?? type, fields, subtypes);
    }
    const own = [...subtypes(type)].map((t) => `${t} ${selection.name.value}`);
    const below = fields(type).get(selection.name.value)?.type;
    return selection.selectionSet && below ? [...own, ...fieldsInSet(selection.selectionSet, baseName(below), fields, subtypes)] : own;
  });
}
