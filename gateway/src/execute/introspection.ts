import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { type Fragments, fragmentsOf } from '../plan/fragments.ts';
import type { Data } from './own.ts';
import { collectFields } from './shape.collect.ts';

/** One operation taken apart. */
export interface Split {
  /** What asks about the schema; null: nothing does. */
  readonly about: DocumentNode | null;
  /** The rest; null: there is none. */
  readonly rest: DocumentNode | null;
  /** Puts both answers together, in the order in which they are asked for: what the variables skip has no place in it. */
  merge(about: Readonly<Data>, rest: Readonly<Data>, variables: Readonly<Data>): Data;
}

const asksAboutSchema = (field: FieldNode) => field.name.value === '__schema' || field.name.value === '__type';

/** Takes `__schema` and `__type` out of an operation. They stand at the top only; fragments there are written out. */
export function split(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Split {
  const fragments = fragmentsOf(document);
  if (!topFields(operation.selectionSet, fragments).some(asksAboutSchema))
    return { about: null, rest: only(operation, fragments), merge: (_, rest) => rest };
  const part = (wanted: boolean): DocumentNode | null => {
    const selections = keep(operation.selectionSet, fragments, (field) => asksAboutSchema(field) === wanted);
    return selections.length > 0 ? only({ ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } }, fragments) : null;
  };
  const root = schema.getRootType(operation.operation);
  return {
    about: part(true),
    rest: part(false),
    merge(about, rest, variables) {
      const all: Data = {};
      if (!root) return all;
      for (const key of collectFields({ schema, fragments, variables }, root, [operation.selectionSet]).keys()) {
        if (Object.hasOwn(about, key)) all[key] = about[key];
        else if (Object.hasOwn(rest, key)) all[key] = rest[key];
      }
      return all;
    },
  };
}

const inner = (node: Exclude<SelectionNode, FieldNode>, fragments: Fragments) =>
  node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);

function topFields(set: SelectionSetNode, fragments: Fragments): FieldNode[] {
  return set.selections.flatMap((s) => {
    if (s.kind === Kind.FIELD) return [s];
    const fragment = inner(s, fragments);
    return fragment ? topFields(fragment.selectionSet, fragments) : [];
  });
}

function keep(set: SelectionSetNode, fragments: Fragments, isWanted: (field: FieldNode) => boolean): SelectionNode[] {
  return set.selections.flatMap((s): SelectionNode[] => {
    if (s.kind === Kind.FIELD) return isWanted(s) ? [s] : [];
    const fragment = inner(s, fragments);
    const selections = fragment ? keep(fragment.selectionSet, fragments, isWanted) : [];
    if (!fragment || selections.length === 0) return [];
    const { typeCondition } = fragment;
    return [
      { kind: Kind.INLINE_FRAGMENT, typeCondition, directives: s.directives, selectionSet: { kind: Kind.SELECTION_SET, selections } },
    ];
  });
}

/** An operation with the fragments that it reaches and the variables that it uses, and nothing else. */
function only(operation: OperationDefinitionNode, fragments: Fragments): DocumentNode {
  const reached = new Map<string, FragmentDefinitionNode>();
  const used = new Set<string>();
  const reach = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    const next: FragmentDefinitionNode[] = [];
    visit(node, {
      VariableDefinition: () => false,
      Variable: (variable) => void used.add(variable.name.value),
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || reached.has(name.value)) return;
        reached.set(name.value, fragment);
        next.push(fragment);
      },
    });
    next.forEach(reach);
  };
  reach(operation);
  const variableDefinitions = operation.variableDefinitions?.filter((v) => used.has(v.variable.name.value));
  return { kind: Kind.DOCUMENT, definitions: [{ ...operation, variableDefinitions }, ...reached.values()] };
}
