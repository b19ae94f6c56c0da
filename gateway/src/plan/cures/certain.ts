import type { Conditions } from './conditions.ts';

/** Variables that are weighed against each other: each doubles the work, and clients choose how many there are. */
const MOST_VARIABLES = 8;

/** Whether, where some conditions hold, one of several sets of conditions holds too, whatever the other variables are. Null when there are too many to tell. */
export function isCertain(sets: readonly Conditions[], given: Conditions): boolean | null {
  const variables = new Set(sets.flatMap((set) => [...set.keys()].filter((variable) => !given.has(variable))));
  return variables.size > MOST_VARIABLES ? null : holds(sets, given);
}

function holds(sets: readonly Conditions[], given: Conditions): boolean {
  const possible = sets.filter((set) => [...set].every(([variable, value]) => (given.get(variable) ?? value) === value));
  const open = possible.map((set) => [...set.keys()].find((variable) => !given.has(variable)));
  if (open.includes(undefined)) return true;
  const [variable] = open;
  return variable !== undefined && [true, false].every((value) => holds(possible, new Map(given).set(variable, value)));
}
