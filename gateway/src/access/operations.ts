import {
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { refusal, SENTENCES } from '../reply/errors.ts';

/** One operation of a document with the fragments it reaches, and nothing else. */
export interface Selected {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly document: DocumentNode;
}

/** Takes the operation that a request means out of its document. Throws OPERATION_RESOLUTION_FAILURE, and a validation error for @defer and @stream. */
export function selectOperation(document: DocumentNode, operationName: string | undefined): Selected {
  const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  const operation =
    operationName === undefined
      ? operations.length === 1
        ? operations[0]
        : undefined
      : operations.find((o) => o.name?.value === operationName);
  if (!operation) throw refusal('OPERATION_RESOLUTION_FAILURE', SENTENCES.OPERATION_RESOLUTION_FAILURE);
  const selected = withFragments(
    operation,
    new Map(document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((f) => [f.name.value, f])),
  );
  visit(selected.document, {
    Directive(node) {
      if (node.name.value === 'defer' || node.name.value === 'stream')
        throw refusal('GRAPHQL_VALIDATION_FAILED', `@${node.name.value} is not supported.`, { nodes: [node] });
    },
  });
  return selected;
}

/** An operation with those of the fragments that it reaches. */
export function withFragments(operation: OperationDefinitionNode, all: ReadonlyMap<string, FragmentDefinitionNode>): Selected {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const open: ASTNode[] = [operation];
  for (let node = open.pop(); node; node = open.pop()) {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = all.get(name.value);
        if (!fragment || fragments.has(name.value)) return;
        fragments.set(name.value, fragment);
        open.push(fragment);
      },
    });
  }
  const definitions: DefinitionNode[] = [operation, ...fragments.values()];
  return { operation, fragments, document: { kind: Kind.DOCUMENT, definitions } };
}

/** Names of the variables that stand in an operation and its fragments, outside of their definitions. */
export function usedVariables(selected: Selected): Set<string> {
  const used = new Set<string>();
  visit(selected.document, {
    VariableDefinition: () => false,
    Variable: (node) => void used.add(node.name.value),
  });
  return used;
}
