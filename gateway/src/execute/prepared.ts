import type { DocumentNode } from 'graphql';
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

/** Sets of values of the variables in `@skip` and `@include` for which a plan is kept. */
const MOST_PLANS = 16;

/**
 * Prepares an operation. Without conditions it is planned at once; with conditions once for each set of their values, when it is first asked for with them:
 * what is not asked for is not in the plan. Throws a `PlanError`.
 */
export function prepareOperation(
  document: DocumentNode,
  operationName: string | undefined,
  plan: (conditions: Conditions) => CompiledPlan | null,
): Prepared {
  const names = conditionVariables(chosenOperation(document, operationName), fragmentsOf(document));
  if (names.length === 0) {
    const only = plan(new Map());
    return { planFor: () => only };
  }
  const variables = names.map((name) => ({ name, key: keyOf(name) }));
  const plans = new Map<string, CompiledPlan | null>();
  return {
    planFor(values) {
      let key = '';
      for (const variable of variables) {
        const value = read(values, variable.key);
        key += value === true ? '1' : value === false ? '0' : '-';
      }
      const known = plans.get(key);
      if (known !== undefined) return known;
      const conditions = variables.flatMap(({ name }, i) => (key[i] === '-' ? [] : [[name, key[i] === '1'] as const]));
      const made = plan(new Map(conditions));
      const oldest = plans.size < MOST_PLANS ? undefined : plans.keys().next().value;
      if (oldest !== undefined) plans.delete(oldest);
      plans.set(key, made);
      return made;
    },
  };
}
