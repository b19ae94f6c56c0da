import type { Fetch, Step } from '../plan/steps.ts';
import { compileCall } from './call.ts';
import { type Path, placeOf } from './collect.ts';
import { failure } from './errors.ts';
import { tellGaps } from './gone.ts';
import type { Untyped } from './merge.ts';
import type { Data } from './own.ts';
import { type Place, placesOf } from './places.ts';
import { type Run, Running } from './running.ts';
import { kinOf } from './together.ts';
import type { Caller, Fetched } from './types.ts';

/** A plan made ready to run: once for an operation, for any number of requests at once. */
export interface CompiledPlan {
  readonly run: Run;
  readonly fetches: readonly PlannedFetch[];
}

/** A fetch of a plan, in order. */
export interface PlannedFetch {
  readonly subgraph: string;
  readonly place: Place;
}

/** Makes a plan ready to run. Nothing of it is done by code made from text. `untyped`: interfaces that stand in the data as a `__typename`. */
export function compileSteps(step: Step, untyped?: Untyped): CompiledPlan {
  const fetches = fetchesIn(step);
  const places = placesOf(fetches);
  const kin = kinOf(fetches);
  const numbers = new Map(fetches.map((fetch, i) => [fetch, i]));
  const compile = (s: Step): Run => {
    if (s.kind === 'fetch') return compileCall(s, numbers.get(s) as number, places.get(s) as Place, kin.get(s) ?? null, untyped);
    const runs = s.steps.map(compile);
    return s.kind === 'sequence' ? inOrder(runs) : sideBySide(runs);
  };
  return { run: compile(step), fetches: fetches.map((fetch) => ({ subgraph: fetch.subgraph, place: places.get(fetch) as Place })) };
}

const fetchesIn = (step: Step): readonly Fetch[] => (step.kind === 'fetch' ? [step] : step.steps.flatMap(fetchesIn));

function inOrder(runs: readonly Run[]): Run {
  const from = (running: Running, start: number): Promise<void> | undefined => {
    for (let i = start; i < runs.length; i += 1) {
      const work = (runs[i] as Run)(running);
      if (work) return i + 1 < runs.length ? work.then(() => from(running, i + 1)) : work;
    }
    return undefined;
  };
  return (running) => from(running, 0);
}

function sideBySide(runs: readonly Run[]): Run {
  return (running) => {
    const works: Promise<void>[] = [];
    for (const run of runs) {
      const work = run(running);
      if (work) works.push(work);
    }
    return works.length > 1 ? Promise.all(works).then(() => {}) : works[0];
  };
}

/**
 * Runs a plan for one request. Never rejects: what fails is an error beside the data. When the signal fires nothing more is sent, and what is known is given at
 * once. Variables are coerced already, with their defaults.
 */
export function runPlan(plan: CompiledPlan, variables: Readonly<Data>, caller: Caller, signal: AbortSignal): Promise<Fetched> {
  const running = new Running(variables, caller, signal);
  if (signal.aborted) return Promise.resolve(stopped(plan, running));
  const work = plan.run(running);
  if (!work) return Promise.resolve(finished(running));
  return new Promise((resolve) => {
    const stop = () => resolve(stopped(plan, running));
    signal.addEventListener('abort', stop, { once: true });
    void work.then(() => {
      if (running.isOver) return;
      signal.removeEventListener('abort', stop);
      resolve(finished(running));
    });
  });
}

function finished(running: Running): Fetched {
  running.isOver = true;
  if (running.hasData && running.gone.length > 0) tellGaps(running.data, running.gone);
  return { data: running.hasData ? running.data : null, errors: running.errors.all() };
}

/** Tells of every place that has not got its data; of what lies below such a place, nothing. */
function stopped(plan: CompiledPlan, running: Running): Fetched {
  const told: Path[] = [];
  for (const [i, { subgraph, place }] of plan.fetches.entries()) {
    if (running.ended[i]) continue;
    const path = placeOf(running.data, place.spot) ?? [];
    if (told.some((above) => above.every((step, n) => path[n] === step))) continue;
    told.push(path);
    running.errors.add(i, failure('SUBGRAPH_TIMEOUT', subgraph, path.length > 0 ? path : undefined));
  }
  return finished(running);
}
