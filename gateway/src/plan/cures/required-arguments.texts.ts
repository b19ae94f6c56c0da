import { type DocumentNode, Kind, visit } from 'graphql';
import type { Requirement, Rewrite } from '../steps.ts';
import type { VirtualFields } from './required-arguments.ts';

/** Turns virtual fields into what they stand for, under their own names as aliases: there they meet nothing of the client. */
export function withRealFields(document: DocumentNode, virtual: VirtualFields): DocumentNode {
  return visit(document, {
    Field: (node) => {
      const real = virtual.get(node.name.value);
      if (!real) return undefined;
      return { ...node, alias: node.alias ?? node.name, name: { kind: Kind.NAME, value: real.name }, arguments: real.arguments };
    },
  });
}

/**
 * Gives the virtual fields in a representation the names that the subgraph knows. From the inside outwards, so that each path is still the old one: also where
 * a field is required twice, with other fields below it.
 */
export function realNames(requirements: readonly Requirement[], virtual: VirtualFields): readonly Rewrite[] {
  return renames(requirements, virtual, []).sort((a, b) => b.path.length - a.path.length);
}

function renames(requirements: readonly Requirement[], virtual: VirtualFields, above: readonly string[]): Rewrite[] {
  return requirements.flatMap((requirement): readonly Rewrite[] => {
    if (requirement.kind === 'fragment') return renames(requirement.selections, virtual, above);
    const inner = renames(requirement.selections ?? [], virtual, [...above, requirement.key]);
    const real = virtual.get(requirement.key);
    return real ? [...inner, { kind: 'rename', path: above.map((key) => ({ key })), key: requirement.key, to: real.name }] : inner;
  });
}
