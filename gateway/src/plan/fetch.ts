import type { FetchNode } from '@apollo/query-planner';
import { type DocumentNode, OperationTypeNode, parse, print, stripIgnoredCharacters } from 'graphql';
import { withNothingApart } from './cures/kept-apart.ts';
import { entityParts, type Parted } from './cures/required-arguments.groups.ts';
import { realNames, withRealFields } from './cures/required-arguments.texts.ts';
import { withoutRootConditions } from './cures/root-conditions.ts';
import { freeName, type PlannedOperation, REPRESENTATIONS, renameVariables } from './operation.ts';
import { PlanError } from './plan-error.ts';
import { requirementsOf, rewritesOf } from './requirements.ts';
import type { EntityGroup, Fetch } from './steps.ts';
import type { Supergraph } from './supergraph.ts';

/** Turns a fetch of the planner into a step. */
export function fetchStep(supergraph: Supergraph, operation: PlannedOperation, node: FetchNode, at: readonly string[]): Fetch {
  if (node.operationKind === OperationTypeNode.SUBSCRIPTION) throw new PlanError('unsupported', 'Subscriptions are not supported.');
  if (node.contextRewrites?.length) throw new PlanError('unsupported', '@fromContext is not supported.');
  const planned = withNothingApart(parse(node.operation, { noLocation: true }));
  const variables = (node.variableUsages ?? []).filter((name) => !node.requires || name !== REPRESENTATIONS);
  const { document, entities } = node.requires
    ? entityFetch(supergraph, node, planned, namesFor(operation, variables))
    : { document: planned, entities: null };
  return {
    kind: 'fetch',
    subgraph: supergraph.planning.realName(node.serviceName),
    operation: node.operationKind === OperationTypeNode.MUTATION ? 'mutation' : 'query',
    text: textOf(supergraph, operation, document),
    variables: variables.map((name) => (name === operation.renamed ? REPRESENTATIONS : name)),
    at,
    entities,
    output: entities ? [] : rewritesOf(node.outputRewrites, supergraph.planning.subtypes),
  };
}

function entityFetch(supergraph: Supergraph, node: FetchNode, planned: DocumentNode, nextName: () => string) {
  const { subtypes, virtual, required, realName } = supergraph.planning;
  const parted: Parted = entityParts(
    { subgraph: realName(node.serviceName), requires: requirementsOf(node.requires ?? [], subtypes), document: planned },
    virtual,
    required,
    nextName,
  );
  const entities = parted.parts.map(
    ({ variable, key, requires }): EntityGroup => ({
      variable,
      key,
      requires,
      input: [...rewritesOf(node.inputRewrites, subtypes), ...realNames(requires, virtual)],
      output: rewritesOf(node.outputRewrites, subtypes),
    }),
  );
  return { document: parted.document, entities };
}

/** Names for variables of representations: none that the client's variables have, before they get their own names back or after. */
function namesFor(operation: PlannedOperation, variables: readonly string[]): () => string {
  const taken = new Set(variables);
  if (operation.renamed && taken.has(operation.renamed)) taken.add(REPRESENTATIONS);
  return () => {
    const name = taken.has(REPRESENTATIONS) ? freeName(REPRESENTATIONS, taken) : REPRESENTATIONS;
    taken.add(name);
    return name;
  };
}

function textOf(supergraph: Supergraph, operation: PlannedOperation, document: DocumentNode): string {
  const real = withoutRootConditions(withRealFields(document, supergraph.planning.virtual), supergraph);
  const own = operation.renamed ? renameVariables(real, new Map([[operation.renamed, REPRESENTATIONS]])) : real;
  return stripIgnoredCharacters(print(own));
}
