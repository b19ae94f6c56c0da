import type { SelectionSetNode } from 'graphql';
import { PlanError } from '../plan-error.ts';
import type { EntityGroup, Fetch, Requirement, Step } from '../steps.ts';
import type { Planning } from '../supergraph.ts';
import { isDisjoint, leavesNeeded } from './brought.ts';
import { belowRoot, fieldsIn, operationsOf, readText } from './fetch-texts.ts';
import { selected } from './local-fields.ts';
import { NeededOrder } from './needed-order.ts';
import { realNames } from './required-arguments.texts.ts';
import { contradict, usesIn } from './required-arguments.uses.ts';
import { inRounds, placesIn } from './schedule.ts';

/**
 * Where a requirement requires something in turn and the way leads through one subgraph twice, the planner may ask that subgraph for a field without what the
 * field requires, beside the fetch that brings it: the subgraph computes with nothing. Or it asks with it, but too early: nothing is sent, and the field is null.
 * Here such a fetch waits for what it requires and is sent it. Where nothing brings it, there is no plan.
 */
export function withRequirementsMet(step: Step, planning: Planning): Step {
  const placed = placesIn(step);
  const order = new NeededOrder(placed, planning);
  for (const { fetch } of placed) refuseUnsent(fetch, planning);
  let isMended = false;
  for (const p of placed) {
    for (const group of p.fetch.entities ?? []) {
      const lacking = lackingOf(p.fetch, group, planning);
      if (lacking.length === 0) continue;
      isMended = true;
      const mended = withMore(group, lacking, planning);
      p.fetch = { ...p.fetch, entities: p.fetch.entities!.map((g) => (g === group ? mended : g)) };
      order.waitForAll(p, leavesNeeded(p.fetch, lacking));
    }
  }
  return order.settle() || isMended ? inRounds(placed) : step;
}

function lackingOf(fetch: Fetch, group: EntityGroup, { required, local }: Planning): readonly Requirement[] {
  return fieldsIn(belowRoot(readText(fetch), group.key), null).flatMap(({ type, field }) => {
    if (type === null) return [];
    const needs = required(fetch.subgraph, type, field.name.value);
    return needs.filter((need) => !covers(group.requires, need, null) && !local.has(fetch.subgraph, type, [need], []));
  });
}

/** Only what is asked for by key can be sent what it requires. Where the planner asks for such a field on the way it has lost what the field requires. */
function refuseUnsent(fetch: Fetch, { required, local, rootTypes }: Planning): void {
  const refuse = (set: SelectionSetNode, type: string | null, provided: readonly SelectionSetNode[], isByKey: boolean): void => {
    for (const { type: at, field } of fieldsIn(set, type)) {
      const name = field.name.value;
      if (at === null) continue;
      if (!isByKey && !required(fetch.subgraph, at, name).every((need) => local.has(fetch.subgraph, at, [need], provided))) {
        throw new PlanError('impossible', `"${fetch.subgraph}" would be asked for ${at}.${name} without what it requires.`);
      }
      const below = [
        ...provided.flatMap((p) => selected(p, name)).filter((p) => p !== null),
        ...local.providedBy(fetch.subgraph, at, name),
      ];
      const inner = local.typeOf(at, name);
      if (field.selectionSet && inner !== undefined) refuse(field.selectionSet, inner, below, false);
    }
  };
  if (fetch.entities) for (const group of fetch.entities) refuse(belowRoot(readText(fetch), group.key), null, [], true);
  else for (const set of operationsOf(readText(fetch))) refuse(set, rootTypes[fetch.operation], [], false);
}

/** Whether a representation holds what is needed. In doubt about types it does: the planner knows better which objects there can be. */
export function covers(have: readonly Requirement[], need: Requirement, types: ReadonlySet<string> | null): boolean {
  if (need.kind === 'fragment') return need.selections.every((inner) => covers(have, inner, need.types ?? types));
  return have.some((h) => {
    if (h.kind === 'fragment') return !isDisjoint(h.types, types) && covers(h.selections, need, types);
    return h.key === need.key && (need.selections ?? []).every((inner) => covers(h.selections ?? [], inner, null));
  });
}

/** Adds to a representation; to each of its fragments, since what is in a fragment of its own may be left out of a representation that is sent. */
function withMore(group: EntityGroup, lacking: readonly Requirement[], { virtual }: Planning): EntityGroup {
  const more = (selections: readonly Requirement[], types: ReadonlySet<string> | null) => [
    ...selections,
    ...lacking.flatMap((l) => (l.kind === 'fragment' && !isDisjoint(l.types, types) ? l.selections : [])),
  ];
  const requires = group.requires.map((r) => (r.kind === 'fragment' ? { ...r, selections: more(r.selections, r.types) } : r));
  const uses = usesIn(requires, virtual);
  if (uses.some((a) => uses.some((b) => contradict(a, b)))) {
    throw new PlanError('impossible', 'A field is required with different arguments where only one can be sent.');
  }
  return { ...group, requires, input: [...group.input, ...realNames(lacking, virtual)] };
}
