import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { Fetch, Step } from '../steps.ts';

/** Response keys that are fetched, below each other. Lists and type conditions do not count. */
export type Keys = Map<string, Keys>;

/** The planner aliases fields that do not fit together, and the plan renames what came back. */
export const PLANNER_ALIAS = /__alias_\d+$/;

/** The keys that a plan fetches. */
export function keysOfStep(step: Step): Keys {
  const keys: Keys = new Map();
  collectStep(step, keys);
  return keys;
}

function collectStep(step: Step, fetched: Keys): void {
  switch (step.kind) {
    case 'fetch':
      collectFetch(step, fetched);
      return;
    case 'sequence':
    case 'parallel':
      for (const inner of step.steps) collectStep(inner, fetched);
  }
}

function collectFetch(fetch: Fetch, fetched: Keys): void {
  let keys = fetched;
  for (const key of fetch.at) if (key !== '@') keys = below(keys, key);
  for (const definition of parse(fetch.text, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (!fetch.entities) collectSelections(definition.selectionSet, keys);
    else
      for (const root of definition.selectionSet.selections)
        if (root.kind === Kind.FIELD && root.selectionSet) collectSelections(root.selectionSet, keys);
  }
}

function collectSelections(set: SelectionSetNode, keys: Keys): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) collectSelections(selection.selectionSet, keys);
    if (selection.kind !== Kind.FIELD) continue;
    const key = (selection.alias ?? selection.name).value;
    const inner = below(keys, key.replace(PLANNER_ALIAS, ''));
    // A client may have a name that looks like such an alias.
    if (!keys.has(key)) keys.set(key, inner);
    if (selection.selectionSet) collectSelections(selection.selectionSet, inner);
  }
}

function below(keys: Keys, key: string): Keys {
  const known = keys.get(key);
  if (known) return known;
  const inner: Keys = new Map();
  keys.set(key, inner);
  return inner;
}
