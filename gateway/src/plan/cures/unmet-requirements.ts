import type { SelectionSetNode } from 'graphql';
import { PlanError } from '../plan-error.ts';
import type { EntityGroup, Fetch, Requirement, Step } from '../steps.ts';
import type { Planning } from '../supergraph.ts';
import { belowRoot, fieldsIn, operationsOf, readText } from './fetch-texts.ts';
import { type Keys, keysOfStep } from './fetched-keys.ts';
import { selected } from './local-fields.ts';
import { realNames } from './required-arguments.texts.ts';
import { contradict, usesIn } from './required-arguments.uses.ts';
import { comesAfter, inRounds, type Placed, placesIn } from './schedule.ts';

/**
 * Where a requirement requires something in turn and the way leads through one subgraph twice, the planner may ask that subgraph for a field without what the
 * field requires, beside the fetch that brings it: the subgraph computes with nothing. Here such a fetch waits for what it requires and is sent it. Where
 * nothing brings it, there is no plan.
 */
export function withRequirementsMet(step: Step, planning: Planning): Step {
  const placed = placesIn(step);
  for (const { fetch } of placed) refuseUnsent(fetch, planning);
  const unmet = placed.flatMap((p) =>
    (p.fetch.entities ?? []).map((group) => ({ p, group, lacking: lackingOf(p.fetch, group, planning) })),
  );
  if (unmet.every(({ lacking }) => lacking.length === 0)) return step;
  for (const { p, group, lacking } of unmet) {
    if (lacking.length === 0) continue;
    for (const provider of providersOf(p, lacking, placed)) p.after.add(provider);
    const mended = withMore(group, lacking, planning);
    p.fetch = { ...p.fetch, entities: p.fetch.entities!.map((g) => (g === group ? mended : g)) };
  }
  return inRounds(placed);
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
function covers(have: readonly Requirement[], need: Requirement, types: ReadonlySet<string> | null): boolean {
  if (need.kind === 'fragment') return need.selections.every((inner) => covers(have, inner, need.types ?? types));
  return have.some((h) => {
    if (h.kind === 'fragment') return !isDisjoint(h.types, types) && covers(h.selections, need, types);
    return h.key === need.key && (need.selections ?? []).every((inner) => covers(h.selections ?? [], inner, null));
  });
}

function isDisjoint(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): boolean {
  return a !== null && b !== null && ![...a].some((type) => b.has(type));
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

/** Fetches that bring what is lacking, made to wait for nothing that waits for it. */
function providersOf(p: Placed, lacking: readonly Requirement[], placed: readonly Placed[]): readonly Placed[] {
  const providers = placed.filter((other) => {
    const runsWithIt = other.conditions.every((c) => p.conditions.some((own) => own.variable === c.variable && own.value === c.value));
    if (other === p || !runsWithIt || !lacking.some((l) => givesSome(keysAt([other], p.fetch.at), l))) return false;
    return !comesAfter(other, p) || freed(other, p);
  });
  const given = keysAt(providers, p.fetch.at);
  if (!lacking.every((l) => givesAll(given, l))) {
    throw new PlanError('impossible', `Nothing brings what "${p.fetch.subgraph}" requires at "${p.fetch.at.join('.')}".`);
  }
  return providers;
}

/** Lets a fetch begin before another that it waits for, if what it needs is there by then. Not before one that tells of what type the objects are. */
function freed(later: Placed, earlier: Placed): boolean {
  if (keysAt([earlier], earlier.fetch.at).has('__typename')) return false;
  const before = [...later.after].filter((p) => p !== earlier && !comesAfter(p, earlier));
  const given = keysAt(before, later.fetch.at);
  if (!(later.fetch.entities ?? []).every((group) => group.requires.every((r) => givesAll(given, r)))) return false;
  for (const p of later.after) if (!before.includes(p)) later.after.delete(p);
  return true;
}

/** What fetches give at a place, together. */
function keysAt(placed: readonly Placed[], at: readonly string[]): Keys {
  const all: Keys = new Map();
  for (const { fetch } of placed) {
    let keys = keysOfStep(fetch);
    for (const key of at) if (key !== '@') keys = keys.get(key) ?? new Map();
    merge(all, keys);
  }
  return all;
}

function merge(into: Keys, keys: Keys): void {
  for (const [key, inner] of keys) {
    const known = into.get(key);
    if (known) merge(known, inner);
    else into.set(key, inner);
  }
}

function givesSome(keys: Keys, need: Requirement): boolean {
  if (need.kind === 'fragment') return need.selections.some((inner) => givesSome(keys, inner));
  return keys.has(need.key);
}

function givesAll(keys: Keys, need: Requirement): boolean {
  if (need.kind === 'fragment') return need.selections.every((inner) => givesAll(keys, inner));
  const inside = keys.get(need.key);
  return inside !== undefined && (need.selections ?? []).every((inner) => givesAll(inside, inner));
}
