import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';
import type { Requirement } from '../steps.ts';
import { type Subtypes, subtypesOf } from '../subtypes.ts';
import { argumentOf, parseFieldSet, subgraphNames } from './supergraph-ast.ts';

/** What a field of a subgraph requires (`@requires`) of the objects of a type; an interface stands for all that is behind it. */
export type RequiredBy = (subgraph: string, type: string, field: string) => readonly Requirement[];

/** Reads from the planner's supergraph which fields require which others. Each stands in a fragment of the type that it is required of. */
export function requiredBy(supergraph: DocumentNode): RequiredBy {
  const subtypes = subtypesOf(supergraph);
  const names = subgraphNames(supergraph);
  const required = new Map<string, readonly Requirement[]>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const type = definition.name.value;
    for (const field of definition.fields ?? []) {
      for (const directive of field.directives ?? []) {
        const graph = argumentOf(directive, 'graph');
        const requires = argumentOf(directive, 'requires');
        if (directive.name.value !== 'join__field' || graph?.kind !== Kind.ENUM || requires?.kind !== Kind.STRING) continue;
        const selections = requirementsOfSet(parseFieldSet(requires.value), subtypes);
        required.set(`${names.get(graph.value)} ${type} ${field.name.value}`, [{ kind: 'fragment', types: subtypes(type), selections }]);
      }
    }
  }
  return (subgraph, type, field) => [...subtypes(type)].flatMap((t) => required.get(`${subgraph} ${t} ${field}`) ?? []);
}

/** A set of fields as a part of a representation. */
export function requirementsOfSet(set: SelectionSetNode, subtypes: Subtypes): readonly Requirement[] {
  return set.selections.flatMap((selection): readonly Requirement[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const selections = selection.selectionSet ? requirementsOfSet(selection.selectionSet, subtypes) : null;
    if (selection.kind === Kind.FIELD) return [{ kind: 'field', key: selection.name.value, selections }];
    const types = selection.typeCondition ? subtypes(selection.typeCondition.name.value) : null;
    return [{ kind: 'fragment', types, selections: selections ?? [] }];
  });
}
