import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Conditions } from './conditions/conditions.ts';
import { Known } from './conditions/known.ts';
import { type SentKey, withSentKeys } from './cures/client-keys.ts';
import { type Fragments, fragmentsOf } from './fragments.ts';
import { PlanError } from './plan-error.ts';

/**
 * Selections that an operation may have when its fragments are written out. The planner writes them out, and a few nested fragments make millions. One costs
 * up to 0.2 ms where it leads into another subgraph: nine thousand took 1.4 s of CPU, thirty thousand 5.3 s.
 */
export const MOST_SELECTIONS = 10_000;

/** Name of the variable in which the planner sends keys; a client may have one of that name too. */
export const REPRESENTATIONS = 'representations';

/** An operation as the planner gets it: valid for the schema, but for its response keys. */
export interface PlannedOperation {
  /** The operation alone, without a name, without conditions, and without what needs no subgraph: introspection, and `__typename` of the root. */
  readonly document: DocumentNode;
  /** Selections that it has when its fragments are written out, under whatever conditions. */
  readonly size: number;
  /** Name that a client's variable `representations` has in the document; null when there is none. */
  readonly renamed: string | null;
}

/**
 * Takes one operation out of a document as it is under some conditions, with the response keys under which its fields travel. Null when nothing of it needs a
 * subgraph. Throws a `PlanError`.
 */
export function operationToPlan(
  document: DocumentNode,
  operationName: string | undefined,
  conditions: Conditions,
  sentKey: SentKey,
): PlannedOperation | null {
  const operation = chosenOperation(document, operationName);
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw new PlanError('unsupported', 'Subscriptions are not supported.');
  const fragments = fragmentsOf(document);
  const size = sizeOf(operation, fragments);
  if (size > MOST_SELECTIONS) {
    throw new PlanError('too-large', `The operation selects ${size} fields and fragments, and at most ${MOST_SELECTIONS} are planned.`);
  }

  const known = new Known(fragments, conditions);
  const selections = known.root(operation.selectionSet)?.filter((field) => !field.name.value.startsWith('__')) ?? [];
  if (selections.length === 0) return null;
  const used = usedFragments(selections, known);
  refuseIntrospection(selections, used);
  const taken = new Set((operation.variableDefinitions ?? []).map((v) => v.variable.name.value));
  const renamed = taken.has(REPRESENTATIONS) ? freeName(REPRESENTATIONS, taken) : null;
  const bare: OperationDefinitionNode = { ...operation, name: undefined, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  const own = withSentKeys({ kind: Kind.DOCUMENT, definitions: [bare, ...used] }, sentKey);
  return { document: renamed ? renameVariables(own, new Map([[REPRESENTATIONS, renamed]])) : own, size, renamed };
}

/** A name that is not taken yet. */
export function freeName(name: string, taken: { has(name: string): boolean }): string {
  let counter = 1;
  while (taken.has(`${name}_${counter}`)) counter++;
  return `${name}_${counter}`;
}

/** Exchanges the names of variables, at once. */
export function renameVariables(document: DocumentNode, names: ReadonlyMap<string, string>): DocumentNode {
  return visit(document, {
    Variable: (node) => {
      const name = names.get(node.name.value);
      return name === undefined ? undefined : { ...node, name: { ...node.name, value: name } };
    },
  });
}

/** The operation of a document that is meant. Throws a `PlanError` when there is none, or several and no name. */
export function chosenOperation(document: DocumentNode, operationName: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  if (operationName === undefined) {
    if (operations.length > 1) throw new PlanError('invalid', 'The document has several operations: say by name which of them is meant.');
    if (!operations[0]) throw new PlanError('invalid', 'The document has no operation.');
    return operations[0];
  }
  const found = operations.find((o) => o.name?.value === operationName);
  if (!found) throw new PlanError('invalid', `The document has no operation "${operationName}".`);
  return found;
}

/** Counts each fragment once, so that counting takes no longer than the document is, whatever it comes to. */
function sizeOf(operation: OperationDefinitionNode, fragments: Fragments): number {
  const sizes = new Map<string, number>();
  const sizeOfSet = (set: SelectionSetNode): number => {
    let size = 0;
    for (const selection of set.selections) {
      size++;
      if (selection.kind === Kind.FRAGMENT_SPREAD) size += fragmentSize(selection.name.value);
      else if (selection.selectionSet) size += sizeOfSet(selection.selectionSet);
    }
    return size;
  };
  const fragmentSize = (name: string): number => {
    const known = sizes.get(name);
    if (known === -1) throw new PlanError('invalid', `Fragment "${name}" holds itself.`);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    if (!fragment) throw new PlanError('invalid', `There is no fragment "${name}".`);
    sizes.set(name, -1);
    const size = sizeOfSet(fragment.selectionSet);
    sizes.set(name, size);
    return size;
  };
  return sizeOfSet(operation.selectionSet);
}

/** Questions about the schema are answered at the root of an operation, and not where a field leads back to the root. */
function refuseIntrospection(selections: readonly FieldNode[], fragments: readonly FragmentDefinitionNode[]): void {
  const Field = (node: FieldNode) => {
    const name = node.name.value;
    if (name === '__schema' || name === '__type')
      throw new PlanError('unsupported', `"${name}" can be asked for at the root of an operation only.`);
  };
  visit({ kind: Kind.SELECTION_SET, selections }, { Field });
  for (const fragment of fragments) visit(fragment, { Field });
}

function usedFragments(selections: readonly FieldNode[], known: Known): readonly FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  const collect = (set: SelectionSetNode) => {
    visit(set, {
      FragmentSpread: (node) => {
        const fragment = known.fragment(node.name.value);
        if (!fragment || used.has(node.name.value)) return;
        used.set(node.name.value, fragment);
        collect(fragment.selectionSet);
      },
    });
  };
  collect({ kind: Kind.SELECTION_SET, selections });
  return [...used.values()];
}
