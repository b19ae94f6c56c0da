import {
  type DocumentNode,
  executeSync,
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  OperationTypeNode,
  print,
} from 'graphql';
import { Lru } from '../lru.ts';
import type { Conditions } from '../plan/conditions/conditions.ts';
import { clientStep, movesKeys } from '../plan/cures/client-keys.ts';
import { interfaceObjectsOf } from '../plan/interface-objects.ts';
import { PlanError } from '../plan/plan-error.ts';
import { planOperation } from '../plan/planner.ts';
import { loadSupergraph, type Supergraph } from '../plan/supergraph.ts';
import { type Split, split } from './introspection.ts';
import type { Data } from './own.ts';
import { type ConditionalPlans, type Prepared, prepareOperation } from './prepared.ts';
import { check, type EngineRequest, strangeNames } from './request.ts';
import { compileSteps, runPlan } from './run.ts';
import { compileShape, type Shape, type ShapeRules } from './shape.ts';
import type { Caller, FetchError, Fetched } from './types.ts';

export type { Prepared } from './prepared.ts';
export type { EngineRequest } from './request.ts';

/** What an engine is made of. */
export interface EngineOptions {
  /** The supergraph. */
  readonly sdl: string;
  /** Characters of text of operations that are remembered, planned. */
  readonly cacheSize?: number;
  /** Told of faults of the engine's own, of which the answer says nothing. */
  readonly onFault?: (error: unknown) => void;
}

/** The answer to a request, as GraphQL has it: `data` is absent when nothing was run. */
export interface EngineAnswer {
  readonly data?: Data | null;
  readonly errors?: readonly (GraphQLError | FetchError)[];
}

/** Runs operations over the subgraphs of a supergraph. It knows of nobody's rights. */
export interface Engine {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly supergraph: Supergraph;
  /** Prepares an operation that is valid and asks nothing about the schema; remembered by its text. Throws a `PlanError`. */
  prepare(document: DocumentNode, operationName?: string): Prepared;
  /**
   * Fetches what a prepared operation needs. Variables are coerced already. Rejects only with a `PlanError`: where there is no plan for these variables nothing
   * is sent.
   */
  fetch(prepared: Prepared, variables: Readonly<Data>, caller: Caller, signal: AbortSignal): Promise<Fetched>;
  /** Whether a request writes nothing; what is refused does not either. */
  isQuery(request: EngineRequest): boolean;
  /** Answers a request, from its text to its answer. Never rejects. */
  answer(request: EngineRequest, caller: Caller, signal: AbortSignal): Promise<EngineAnswer>;
}

/** A request's text, made ready for any variables. */
type Ready =
  | { readonly refused: readonly (GraphQLError | FetchError)[] }
  | {
      readonly refused: null;
      readonly isQuery: boolean;
      readonly definitions: Parameters<typeof getVariableValues>[1];
      readonly parts: Split;
      readonly prepared: Prepared;
      readonly shape: Shape | null;
    };

const CACHE_SIZE = 4_000_000;
/** What is remembered for an operation besides its text, in characters. */
const OVERHEAD = 500;
/** Names of operations that are remembered for one text. */
const MOST_NAMES = 100;

const NOTHING: Fetched = { data: {}, errors: [] };
const NOT_NEEDED: Prepared = { planFor: () => null };

const refusalOf = (error: PlanError): FetchError => ({
  message: error.message,
  extensions: { code: 'PLANNING_FAILED', reason: error.kind },
});

/** Makes an engine. Throws a `SupergraphError` when the text is no supergraph. */
export function createEngine(options: EngineOptions): Engine {
  const supergraph = loadSupergraph(options.sdl);
  const { schema } = supergraph;
  const untyped = interfaceObjectsOf(options.sdl);
  // All is told, from under the keys that the plan has it under.
  const rules: ShapeRules = {
    key: supergraph.sentKey,
    refused: () => undefined,
    enumValue: () => true,
    type: () => true,
    proof: () => null,
  };
  const plans = new Lru<Prepared>(options.cacheSize ?? CACHE_SIZE);
  const conditional: ConditionalPlans = new Lru(options.cacheSize ?? CACHE_SIZE);
  // By text, then by the operation's name: no key has to be put together for a request.
  const requests = new Lru<Map<string, Ready>>(options.cacheSize ?? CACHE_SIZE);

  function prepare(document: DocumentNode, operationName?: string): Prepared {
    const text = print(document);
    const key = `${operationName ?? ''}\n${text}`;
    const known = plans.get(key);
    if (known) return known;
    const strange = strangeNames(document)[0];
    if (strange) throw new PlanError('unsupported', strange.message);
    const weight = OVERHEAD + text.length;
    const plan = (conditions: Conditions) => {
      const step = planOperation(supergraph, document, operationName, conditions);
      return step && compileSteps(step, untyped);
    };
    const prepared = prepareOperation(document, operationName, plan, conditional, weight);
    plans.set(key, prepared, weight);
    return prepared;
  }

  async function fetch(prepared: Prepared, variables: Readonly<Data>, caller: Caller, signal: AbortSignal): Promise<Fetched> {
    const plan = prepared.planFor(variables);
    return plan ? runPlan(plan, variables, caller, signal) : NOTHING;
  }

  function ready(request: EngineRequest): Ready {
    const checked = check(schema, request);
    if (checked.refused) return checked;
    const { document, operation } = checked;
    const parts = split(schema, document, operation);
    try {
      return {
        refused: null,
        isQuery: operation.operation === OperationTypeNode.QUERY,
        definitions: operation.variableDefinitions ?? [],
        parts,
        prepared: parts.rest ? prepare(parts.rest, operation.name?.value) : NOT_NEEDED,
        shape:
          parts.rest &&
          compileShape({
            schema,
            document: parts.rest,
            operationName: operation.name?.value,
            rules: movesKeys(parts.rest, supergraph.sentKey) ? rules : undefined,
            untyped,
          }),
      };
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      return { refused: [refusalOf(error)] };
    }
  }

  function remembered(request: EngineRequest): Ready {
    if (request.query === undefined || request.document) return ready(request);
    const name = request.operationName ?? '';
    const names = requests.get(request.query) ?? new Map<string, Ready>();
    const known = names.get(name);
    if (known) return known;
    const made = ready(request);
    const oldest = names.size < MOST_NAMES ? undefined : names.keys().next().value;
    if (oldest !== undefined) names.delete(oldest);
    names.set(name, made);
    requests.set(request.query, names, names.size * (OVERHEAD + request.query.length));
    return made;
  }

  function isQuery(request: EngineRequest): boolean {
    const known = remembered(request);
    return known.refused !== null || known.isQuery;
  }

  async function answer(request: EngineRequest, caller: Caller, signal: AbortSignal): Promise<EngineAnswer> {
    try {
      const made = remembered(request);
      if (made.refused) return { errors: made.refused };
      const { parts, prepared, shape } = made;
      const variables = getVariableValues(schema, made.definitions, request.variables ?? {}, { maxErrors: 50 });
      if (!variables.coerced) return { errors: variables.errors };
      const about = parts.about && executeSync({ schema, document: parts.about, variableValues: request.variables });
      if (!shape) return { data: about?.data ?? null, ...(about?.errors ? { errors: about.errors } : {}) };
      const fetched = await fetch(prepared, variables.coerced, caller, signal);
      // Data stands under the keys that were sent, and so do the places of errors.
      const told = fetched.errors.map((e) =>
        e.path?.some((step) => clientStep(step) !== step) ? { ...e, path: e.path.map(clientStep) } : e,
      );
      const shaped = shape.shape(fetched.data, variables.coerced, told);
      const errors = about?.errors ? [...about.errors, ...shaped.errors] : shaped.errors;
      const data = about && shaped.data ? about.data && parts.merge(about.data, shaped.data, variables.coerced) : shaped.data;
      return errors.length > 0 ? { data, errors } : { data };
    } catch (error) {
      if (error instanceof PlanError) return { errors: [refusalOf(error)] };
      options.onFault?.(error);
      return { errors: [{ message: 'The operation failed.', extensions: { code: 'INTERNAL' } }] };
    }
  }

  return { schema, supergraph, prepare, fetch, isQuery, answer };
}
