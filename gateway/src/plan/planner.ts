import { type Operation, operationFromDocument } from '@apollo/federation-internals';
import type { PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { Conditions } from './conditions/conditions.ts';
import { withConcreteConditions } from './cures/concrete-conditions.ts';
import { withKeys } from './cures/interface-keys.ts';
import { withComputedKeptApart } from './cures/kept-apart.ts';
import { refuseOneName } from './cures/one-name.ts';
import { refuseTypesMixed } from './cures/types-apart.ts';
import { refuseUncovered } from './cures/uncovered.ts';
import { withRequirementsMet } from './cures/unmet-requirements.ts';
import { fetchStep } from './fetch.ts';
import { inTime, OutOfTime } from './in-time.ts';
import { operationToPlan, type PlannedOperation } from './operation.ts';
import { PlanError } from './plan-error.ts';
import type { Fetch, Step } from './steps.ts';
import type { Planning, Supergraph } from './supergraph.ts';

const NONE: Conditions = new Map();

/**
 * Plans one operation of a document that is valid for `supergraph.schema`, for certain values of the variables in `@skip` and `@include`. The data of the plan stand
 * under the keys of `supergraph.sentKey`. Takes milliseconds, so its result is to be kept. Null when no subgraph is needed. Throws a `PlanError`.
 */
export function planOperation(
  supergraph: Supergraph,
  document: DocumentNode,
  operationName?: string,
  conditions: Conditions = NONE,
): Step | null {
  const operation = operationToPlan(document, operationName, conditions, supergraph.sentKey);
  if (!operation) return null;
  refuseOneName(supergraph.schema, supergraph.planning.byInterface, operation.document);
  let first: unknown;
  for (const attempt of attempts(supergraph, operation)) {
    try {
      const step = planWith(attempt.supergraph, attempt.operation);
      refuseUncovered(supergraph.schema, operation.document, step);
      const met = step && withKeys(withRequirementsMet(step, supergraph.planning), supergraph.planning);
      refuseTypesMixed(met, attempt.operation.document, supergraph.schema, supergraph.planning);
      return met;
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      // What is told is why it cannot be planned, and not how it was tried.
      first ??= error;
      if (error.kind !== 'impossible') break;
    }
  }
  throw first;
}

/** Ways to plan an operation, of which the first nearly always leads somewhere, and is the best. */
function* attempts(supergraph: Supergraph, operation: PlannedOperation) {
  yield { supergraph, operation };
  const planning = supergraph.planning.otherwise();
  if (planning) yield { supergraph: { ...supergraph, planning }, operation };
  const document = withConcreteConditions(supergraph.schema, supergraph.planning.untyped, operation.document);
  if (!document) return;
  yield { supergraph, operation: { ...operation, document } };
  if (planning) yield { supergraph: { ...supergraph, planning }, operation: { ...operation, document } };
}

function planWith(supergraph: Supergraph, operation: PlannedOperation): Step | null {
  const plan = stockPlan(supergraph, operation);
  return plan.node ? stepOf(supergraph, operation, plan.node, []) : null;
}

/**
 * Milliseconds of CPU that the planner has for an operation, and for each selection of it; it takes a hundredth of that, and half a second for the worst that were
 * made up. It was seen to go round in a circle, with all the memory it could get (`cures/kept-apart.ts`), and nobody knows that it cannot elsewhere.
 */
const MOST_TIME = { each: 2_000, selection: 1 };

function stockPlan(supergraph: Supergraph, { document, size }: PlannedOperation): QueryPlan {
  const { planner, api, computed } = supergraph.planning;
  const operation = operationOf(api, withComputedKeptApart(supergraph.schema, computed, document));
  try {
    return inTime(MOST_TIME.each + MOST_TIME.selection * size, () => planner.buildQueryPlan(operation));
  } catch (error) {
    if (error instanceof OutOfTime)
      throw new PlanError('too-large', 'It takes too long to find a way to answer the operation.', { cause: error });
    throw asPlanError(error);
  }
}

function operationOf(api: Planning['api'], document: DocumentNode): Operation {
  try {
    return operationFromDocument(api, document);
  } catch (error) {
    if (error instanceof GraphQLError) throw new PlanError('invalid', error.message, { cause: error });
    throw asPlanError(error);
  }
}

/** The planner's limits are plain errors that only their words tell from its faults. */
function asPlanError(error: unknown): PlanError {
  const message = error instanceof Error ? error.message : String(error);
  if (/^Too many options generated|exceeds limit of/.test(message)) {
    return new PlanError('too-large', 'There are too many ways to answer the operation for one to be chosen.', { cause: error });
  }
  return new PlanError('impossible', `The operation cannot be planned: ${message}`, { cause: error });
}

function stepOf(
  supergraph: Supergraph,
  operation: PlannedOperation,
  node: PlanNode | SubscriptionNode,
  at: readonly string[],
): Step | null {
  switch (node.kind) {
    case 'Fetch':
      return fetchStep(supergraph, operation, node, at);
    case 'Flatten':
      return stepOf(supergraph, operation, node.node, [...at, ...node.path.map(String)]);
    case 'Sequence':
      return several('sequence', stepsOf(supergraph, operation, node.nodes, at));
    case 'Parallel':
      return several('parallel', withoutTwins(stepsOf(supergraph, operation, node.nodes, at)));
    case 'Condition':
      throw new PlanError('impossible', 'The planner made a condition of what has none.');
    case 'Defer':
      throw new PlanError('unsupported', '@defer is not supported.');
    case 'Subscription':
      throw new PlanError('unsupported', 'Subscriptions are not supported.');
  }
}

const stepsOf = (supergraph: Supergraph, operation: PlannedOperation, nodes: readonly PlanNode[], at: readonly string[]): readonly Step[] =>
  nodes.map((node) => stepOf(supergraph, operation, node, at)).filter((step) => step !== null);

function several(kind: 'sequence' | 'parallel', steps: readonly Step[]): Step | null {
  const flat = steps.flatMap((step) => (step.kind === kind ? step.steps : [step]));
  return flat.length > 1 ? { kind, steps: flat } : (flat[0] ?? null);
}

/** The planner does not see that two fetches side by side are one when the operation asks for the same thing on two ways. */
function withoutTwins(steps: readonly Step[]): readonly Step[] {
  const seen = new Set<string>();
  return steps.filter((step) => {
    if (step.kind !== 'fetch') return true;
    const identity = identityOf(step);
    return !seen.has(identity) && seen.add(identity);
  });
}

const identityOf = (fetch: Fetch): string => JSON.stringify(fetch, (_, value) => (value instanceof Set ? [...value] : value));
