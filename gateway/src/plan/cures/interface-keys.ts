import { type DocumentNode, Kind } from 'graphql';
import type { EntityGroup, Requirement, Step } from '../steps.ts';
import { subtypesOf } from '../subtypes.ts';
import type { Planning } from '../supergraph.ts';
import { belowRoot, fieldsIn, readText } from './fetch-texts.ts';
import { requirementsOfSet } from './required-fields.ts';
import { argumentOf, parseFieldSet, subgraphNames } from './supergraph-ast.ts';
import { covers } from './unmet-requirements.ts';

/** The keys by which a subgraph knows an interface as an object; none where it does not. */
export type InterfaceKeys = (subgraph: string, type: string) => readonly (readonly Requirement[])[];

/** Reads them from a supergraph. */
export function interfaceKeys(supergraph: DocumentNode): InterfaceKeys {
  const subtypes = subtypesOf(supergraph);
  const names = subgraphNames(supergraph);
  const keys = new Map<string, (readonly Requirement[])[]>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const directive of definition.directives ?? []) {
      const [graph, key, isObject] = ['graph', 'key', 'isInterfaceObject'].map((name) => argumentOf(directive, name));
      if (directive.name.value !== 'join__type' || graph?.kind !== Kind.ENUM || key?.kind !== Kind.STRING) continue;
      if (isObject?.kind !== Kind.BOOLEAN || !isObject.value) continue;
      const of = `${names.get(graph.value)} ${definition.name.value}`;
      keys.set(of, [...(keys.get(of) ?? []), requirementsOfSet(parseFieldSet(key.value), subtypes)]);
    }
  }
  return (subgraph, type) => keys.get(`${subgraph} ${type}`) ?? [];
}

/**
 * In `... on Book { label }` of an interface object the planner asks for the key of books, and sends what the label requires of whatever has it: a film would
 * be sent without a key. Here nothing is sent of a type that is sent without one.
 */
export function withKeys(step: Step, planning: Planning): Step {
  if (planning.computed.size === 0) return step;
  if (step.kind !== 'fetch') return { ...step, steps: step.steps.map((s) => withKeys(s, planning)) };
  const entities = step.entities?.map((group) => {
    const asked = new Set(fieldsIn(belowRoot(readText(step), group.key), null).map((f) => f.type));
    const keyless = [...asked].flatMap((type) => keylessIn(group, type, step.subgraph, planning));
    return keyless.length > 0 ? without(group, new Set(keyless)) : group;
  });
  return entities ? { ...step, entities } : step;
}

/** Types of which a representation could have no key, whatever is there. */
function keylessIn({ requires }: EntityGroup, type: string | null, subgraph: string, planning: Planning): readonly string[] {
  const keys = type === null ? [] : planning.interfaceKeys(subgraph, type);
  if (type === null || keys.length === 0) return [];
  return [...planning.subtypes(type)].filter((t) => {
    const sent = requires.filter((r) => r.kind === 'field' || (r.types?.has(t) ?? true));
    return !keys.some((key) => key.every((need) => covers(sent, need, null)));
  });
}

const without = (group: EntityGroup, types: ReadonlySet<string>): EntityGroup => ({
  ...group,
  requires: group.requires.map((r) =>
    r.kind === 'fragment' && r.types ? { ...r, types: new Set([...r.types].filter((t) => !types.has(t))) } : r,
  ),
});
