import type { DocumentNode } from 'graphql';
import type { Lru } from '../lru.ts';
import { type Conditions, conditionVariables } from '../plan/conditions/conditions.ts';
import { fragmentsOf } from '../plan/fragments.ts';
import { chosenOperation } from '../plan/operation.ts';
import { type Data, keyOf, read } from './own.ts';
import type { CompiledPlan } from './run.ts';

/** An operation that is ready to be fetched. */
export interface Prepared {
  /** The plan for some variables, which are coerced; null when no subgraph is needed. Throws a `PlanError`. */
  planFor(variables: Readonly<Data>): CompiledPlan | null;
}

/**
 * Plans of operations with conditions, by the operation and the values of its conditions. One memory for all operations: each may have a plan for many sets of
 * values, and what is kept of them all together has a bound.
 */
export type ConditionalPlans = Lru<{ readonly plan: CompiledPlan | null }>;

let prepared = 0;

/**
 * Prepares an operation. Without conditions it is planned at once; with conditions once for each set of their values, when it is first asked for with them:
 * what is not asked for is not in the plan. `weight` is that of a plan in the memory. Throws a `PlanError`.
 */
export function prepareOperation(
  document: DocumentNode,
  operationName: string | undefined,
  plan: (conditions: Conditions) => CompiledPlan | null,
  plans: ConditionalPlans,
  weight: number,
): Prepared {
  const names = conditionVariables(chosenOperation(document, operationName), fragmentsOf(document));
  if (names.length === 0) {
    const only = plan(new Map());
    return { planFor: () => only };
  }
  const variables = names.map((name) => ({ name, key: keyOf(name) }));
  const own = `${prepared++} `;
  return {
    planFor(values) {
      let key = '';
      for (const variable of variables) {
        const value = read(values, variable.key);
        key += value === true ? '1' : value === false ? '0' : '-';
      }
      const known = plans.get(own + key);
      if (known) return known.plan;
      const conditions = variables.flatMap(({ name }, i) => (key[i] === '-' ? [] : [[name, key[i] === '1'] as const]));
      const made = plan(new Map(conditions));
      plans.set(own + key, { plan: made }, weight);
      return made;
    },
  };
}
