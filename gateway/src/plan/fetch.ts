import type { FetchNode } from '@apollo/query-planner';
import { OperationTypeNode, parse, print, stripIgnoredCharacters } from 'graphql';
import { freeName, type PlannedOperation, REPRESENTATIONS, renameVariables } from './operation.ts';
import { PlanError } from './plan-error.ts';
import { requirementsOf, rewritesOf } from './requirements.ts';
import type { Fetch } from './steps.ts';
import type { Supergraph } from './supergraph.ts';

/** Turns a fetch of the planner into a step. */
export function fetchStep(supergraph: Supergraph, operation: PlannedOperation, node: FetchNode, at: readonly string[]): Fetch {
  if (node.operationKind === OperationTypeNode.SUBSCRIPTION) throw new PlanError('unsupported', 'Subscriptions are not supported.');
  if (node.contextRewrites?.length) throw new PlanError('unsupported', '@fromContext is not supported.');
  const { subtypes } = supergraph.planning;
  const { text, variable } = ownText(operation, node);
  const used = (node.variableUsages ?? []).map((name) => (name === operation.renamed ? REPRESENTATIONS : name));
  const output = rewritesOf(node.outputRewrites, subtypes);
  return {
    kind: 'fetch',
    subgraph: node.serviceName,
    operation: node.operationKind === OperationTypeNode.MUTATION ? 'mutation' : 'query',
    text,
    variables: node.requires ? used.filter((name) => name !== variable) : used,
    at,
    entities: node.requires
      ? [
          {
            variable,
            key: '_entities',
            requires: requirementsOf(node.requires, subtypes),
            input: rewritesOf(node.inputRewrites, subtypes),
            output,
          },
        ]
      : null,
    output: node.requires ? [] : output,
  };
}

/** The text to send. Where the client has a variable `representations`, that one keeps its name and the planner's gets another. */
function ownText(operation: PlannedOperation, node: FetchNode): { readonly text: string; readonly variable: string } {
  if (!operation.renamed || !node.variableUsages?.includes(operation.renamed)) return { text: node.operation, variable: REPRESENTATIONS };
  const variable = freeName(REPRESENTATIONS, new Set(node.variableUsages));
  const names = new Map([[operation.renamed, REPRESENTATIONS]]);
  if (node.requires) names.set(REPRESENTATIONS, variable);
  return { text: stripIgnoredCharacters(print(renameVariables(parse(node.operation), names))), variable };
}
