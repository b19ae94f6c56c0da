import { ApiError, type Catalog, type Decision, type FetchReport, type Principal, whyNothing } from '@commonweal/schema';
import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import type { Compile, Compiled } from './access/compile.ts';
import { checkCost, costOf } from './access/cost.ts';
import type { Decisions, Profile } from './access/decisions.ts';
import type { GraphLimits } from './access/limits.ts';
import type { PolicyWatch } from './access/policies.ts';
import type { Engine } from './execute/engine.ts';
import type { Fetched } from './execute/types.ts';
import type { OpenCaller, Sent } from './fetches.ts';
import { codeOf, refusal, SENTENCES, tellable } from './reply/errors.ts';
import { introspect, merge } from './reply/introspection.ts';
import type { Log } from './reply/log.ts';

/** What an operation is run with. */
export interface RunBase {
  readonly catalog: Catalog;
  readonly engine: Engine;
  readonly policies: PolicyWatch;
  readonly decisions: Decisions;
  readonly compile: Compile;
  readonly openCaller: OpenCaller;
  readonly limits: GraphLimits;
  readonly log: Log;
}

/** An operation as it came in, parsed. */
export interface Incoming {
  readonly document: DocumentNode;
  /** SHA-256 of its text. */
  readonly hash: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly requestId: string;
  readonly signal: AbortSignal | undefined;
}

/** An answer, and what the audit record says of it. `data` is undefined when the whole request was refused. */
export interface Answer {
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly GraphQLError[];
  readonly decision: Decision | null;
  readonly reports: readonly FetchReport[];
  readonly denied: readonly string[];
  readonly fetches: number;
}

type Runnable = Extract<Compiled, { refused: null }>;

/** Answers one operation: decides, compiles, fetches, shapes. Never rejects. A query that met a change of the policies is begun again, once, as a whole. */
export async function runOperation(base: RunBase, incoming: Incoming): Promise<Answer> {
  const first = await attempt(base, incoming);
  if (!first.policyChanged) return first.answer;
  await base.policies.refresh();
  if (first.isMutation) return first.answer;
  const second = await attempt(base, incoming);
  const reports = [...first.answer.reports, ...second.answer.reports];
  const fetches = first.answer.fetches + second.answer.fetches;
  // An answer is wholly of one state of the policies, or there is none.
  return second.policyChanged
    ? { ...refused(second.answer.decision, [refusal('POLICY_CHANGED', SENTENCES.POLICY_CHANGED)], reports), fetches }
    : { ...second.answer, reports, fetches };
}

interface Attempt {
  readonly answer: Answer;
  readonly policyChanged: boolean;
  readonly isMutation: boolean;
}

const refused = (
  decision: Decision | null,
  errors: readonly GraphQLError[],
  reports: readonly FetchReport[] = [],
  denied: readonly string[] = [],
): Answer => ({ data: undefined, errors, decision, reports, denied, fetches: reports.length });
const over = (answer: Answer): Attempt => ({ answer, policyChanged: false, isMutation: false });

async function attempt(base: RunBase, incoming: Incoming): Promise<Attempt> {
  let decision: Decision | null = null;
  try {
    const snapshot = base.policies.current();
    if (!snapshot) throw new ApiError('UNAVAILABLE', SENTENCES.UNAVAILABLE);
    decision = base.decisions.decide(snapshot, incoming.principal);
    // Why nothing is shared is for the log and for explanations, never for the caller.
    if (decision.alternatives.length === 0) {
      const reason =
        whyNothing(
          Object.hasOwn(snapshot.consumers, decision.consumer) ? snapshot.consumers[decision.consumer] : undefined,
          incoming.principal,
        ) ?? 'NO_POLICY';
      base.log.info({ consumer: decision.consumer, purpose: decision.purpose, reason, requestId: incoming.requestId }, 'nothing is shared');
      throw new ApiError('PURPOSE_NOT_ALLOWED', SENTENCES.PURPOSE_NOT_ALLOWED);
    }
    const profile = base.decisions.profile(decision);
    const compiled = base.compile(incoming.document, incoming.hash, incoming.operationName, decision, profile);
    if (compiled.refused) return over(refused(decision, compiled.refused));
    const variables = variablesOf(base, compiled, profile, incoming);
    if (compiled.plan.personal && !(await base.policies.isFresh())) throw new ApiError('UNAVAILABLE', SENTENCES.UNAVAILABLE);
    return await execute(base, incoming, decision, profile, compiled, variables);
  } catch (error) {
    const told = tellable(error, incoming.requestId);
    if (codeOf(told) === 'INTERNAL') base.log.error({ err: error, requestId: incoming.requestId }, 'an operation failed');
    return over(refused(decision, [told]));
  }
}

/** The variables of a request, checked: their types, the size of pages, and that nothing refused is used in them. */
function variablesOf(base: RunBase, compiled: Runnable, { inputs }: Profile, incoming: Incoming): Record<string, unknown> {
  const { selected, known, plan, cost } = compiled;
  const variables = compiled.variables(incoming.variables);
  checkCost(cost.dependsOnVariables ? costOf(known, selected.operation, selected.fragments, variables) : cost, base.limits.cost);
  for (const v of plan.variables) {
    const input = Object.hasOwn(variables, v.name) ? inputs.value(variables[v.name], v.type) : null;
    if (input !== null)
      throw new ApiError('FORBIDDEN_INPUT', `The input ${input} may not be used for this purpose. Nothing was run.`, { input });
  }
  return variables;
}

async function execute(
  base: RunBase,
  incoming: Incoming,
  decision: Decision,
  profile: Profile,
  compiled: Runnable,
  variables: Record<string, unknown>,
): Promise<Attempt> {
  const { plan, split, selected } = compiled;
  const deadline = deadlineOf(base.limits.timeoutMs, incoming.signal);
  const calls = base.openCaller({ decision, requestId: incoming.requestId, isPersonal: plan.personal });
  try {
    const prepared = compiled.prepared();
    const fetched = prepared ? await base.engine.fetch(prepared, sent(plan.variables, variables), calls, deadline.signal) : NOTHING;
    const shaped = compiled.shape()(fetched, variables, (fault) =>
      base.log.error({ err: fault, requestId: incoming.requestId }, 'a fetch failed'),
    );
    const asked = split.introspection && introspect(profile.visible as GraphQLSchema, split.introspection, variables);
    const data = asked && shaped.data ? merge(compiled.known, selected, variables, asked, shaped.data) : shaped.data;
    const denied = compiled.denied(variables);
    const answer = { data, errors: shaped.errors, decision, reports: calls.reports, denied, fetches: calls.sent };
    return { answer, policyChanged: calls.policyChanged, isMutation: plan.isMutation };
  } catch (error) {
    base.log.error({ err: error, requestId: incoming.requestId }, 'an operation failed');
    return { answer: { ...failedWith(decision, error, incoming.requestId, calls) }, policyChanged: false, isMutation: plan.isMutation };
  } finally {
    deadline.clear();
  }
}

const NOTHING: Fetched = { data: {}, errors: [] };

const failedWith = (decision: Decision, error: unknown, requestId: string, calls: Sent): Answer => ({
  ...refused(decision, [tellable(error, requestId)], calls.reports),
  fetches: calls.sent,
});

/** The variables that travel, under the names under which they do. */
function sent(used: readonly { name: string; sentAs: string }[], variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  // A name that would mean something to the object itself is moved out of the way: see `sentName`.
  for (const { name, sentAs } of used) if (Object.hasOwn(variables, name)) values[sentAs] = variables[name];
  return values;
}

/** A signal that fires when the time is up or the client is gone. */
function deadlineOf(ms: number, client: AbortSignal | undefined): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const timer = setTimeout(stop, ms);
  if (client?.aborted) stop();
  client?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      client?.removeEventListener('abort', stop);
    },
  };
}
