import { PlanError } from '../plan-error.ts';
import type { Fetch, Step } from '../steps.ts';

/** A fetch in its place among the others. */
export interface Placed {
  fetch: Fetch;
  /** Fetches that must end before it begins. */
  readonly after: Set<Placed>;
}

/** Takes a plan apart: its fetches, and which waits for which. */
export function placesIn(step: Step): readonly Placed[] {
  const all: Placed[] = [];
  const collect = (inner: Step, after: readonly Placed[]): readonly Placed[] => {
    switch (inner.kind) {
      case 'fetch': {
        const placed = { fetch: inner, after: new Set(after) };
        all.push(placed);
        return [placed];
      }
      case 'parallel':
        return inner.steps.flatMap((s) => collect(s, after));
      case 'sequence': {
        let before = after;
        const found: Placed[] = [];
        for (const s of inner.steps) {
          const those = collect(s, before);
          before = [...before, ...those];
          found.push(...those);
        }
        return found;
      }
    }
  };
  collect(step, []);
  return all;
}

/** The fetches that one waits for, however indirectly. */
export function allBefore(later: Placed): ReadonlySet<Placed> {
  const found = new Set<Placed>();
  for (const before of later.after) found.add(before);
  // What is added meanwhile has its turn too.
  for (const p of found) for (const before of p.after) found.add(before);
  return found;
}

/** Whether one fetch waits for another, however indirectly. */
export const comesAfter = (later: Placed, earlier: Placed): boolean => later.after.has(earlier) || allBefore(later).has(earlier);

/** Puts a plan together again: in rounds, each fetch in the first round in which nothing that it waits for is left. */
export function inRounds(placed: readonly Placed[]): Step {
  const left = new Set(placed);
  const rounds: Step[] = [];
  while (left.size > 0) {
    const ready = [...left].filter((p) => ![...p.after].some((before) => left.has(before)));
    if (ready.length === 0) throw new PlanError('impossible', 'The fetches of the plan wait for each other.');
    for (const p of ready) left.delete(p);
    const steps = ready.map((p) => p.fetch);
    rounds.push(steps.length > 1 ? { kind: 'parallel', steps } : steps[0]!);
  }
  return rounds.length > 1 ? { kind: 'sequence', steps: rounds } : rounds[0]!;
}
