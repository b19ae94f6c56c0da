import {
  type DocumentNode,
  type FieldNode,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type { EntityGroup, Fetch, Requirement, Step } from '../steps.ts';
import type { Planning } from '../supergraph.ts';
import type { ClientConditions } from './client-conditions.ts';
import type { Conditions } from './conditions.ts';
import { type AskedField, belowRoot, fieldsIn, readText } from './fetch-texts.ts';

/**
 * A fetch has one representation for all that it asks of an object. Where one of its fields stands under a condition, so does the fetching of what that field
 * requires; but the representation requires it always, and where the condition does not hold there is none: nothing is asked of the object at all. Here such a
 * field is fetched on its own, under its condition, and the others without what it alone requires.
 *
 * The planner forgets conditions that stand at a fragment. With `asked` a field stands under those that all of the client's questions for it have in common, too;
 * whether something else requires it, has then to be looked at.
 */
export function withConditionsApart(step: Step, planning: Planning, asked?: ClientConditions): Step {
  switch (step.kind) {
    case 'fetch':
      return step.entities ? apart(step, step.entities, planning, asked) : step;
    case 'condition': {
      const then = step.then && withConditionsApart(step.then, planning, asked);
      const otherwise = step.otherwise && withConditionsApart(step.otherwise, planning, asked);
      return { ...step, then, otherwise };
    }
    case 'sequence':
    case 'parallel':
      return { ...step, steps: step.steps.map((s) => withConditionsApart(s, planning, asked)) };
  }
}

/** Leaves of representations, each a type and the keys that lead to it. */
type Leaves = ReadonlySet<string>;

function apart(fetch: Fetch, groups: readonly EntityGroup[], planning: Planning, client?: ClientConditions): Step {
  const document = readText(fetch);
  const remembered = (a: AskedField): AskedField => {
    const conditions = client && inCommon(client(fetch.at, (a.field.alias ?? a.field.name).value));
    return conditions ? { ...a, conditions: new Map([...conditions, ...a.conditions]) } : a;
  };
  const askedOf = new Map(groups.map((group) => [group, askedIn(document, group).map(remembered)]));
  const needs = new Map([...askedOf.values()].flat().map((a) => [a, leavesNeeded(fetch, a, planning)]));
  const isNeeded = (leaf: string, by: Iterable<AskedField>) => [...by].some((a) => needs.get(a)?.has(leaf));
  // The keys stay, which no field requires: a subgraph cannot require what it has itself.
  const part = (group: EntityGroup, fields: readonly AskedField[]): Part => {
    const requires = pruned(group.requires, (leaf) => isNeeded(leaf, fields) || !isNeeded(leaf, needs.keys()));
    return { group: { ...group, requires }, fields: new Set(fields.map((a) => a.field)) };
  };

  const kept: Part[] = [];
  const split: Step[] = [];
  let isWhole = true;
  for (const [group, asked] of askedOf) {
    const leaves = leavesOf(group.requires, null, '');
    const always = asked.filter((a) => a.conditions.size === 0);
    const sometimes = asked.filter((a) => a.conditions.size > 0);
    const lone = sometimes.filter((a) => leaves.some((leaf) => needs.get(a)!.has(leaf) && !isNeeded(leaf, always)));
    const others = asked.filter((a) => !lone.includes(a));
    if (lone.length > 0 || leaves.some((leaf) => isNeeded(leaf, needs.keys()) && !isNeeded(leaf, asked))) isWhole = false;
    if (others.length > 0 || lone.length === 0) kept.push(part(group, others));
    for (const { conditions, fields } of byConditions(lone)) split.push(under(conditions, fetchOf(fetch, document, [part(group, fields)])));
  }
  if (isWhole) return fetch;
  const steps = kept.length > 0 ? [fetchOf(fetch, document, kept), ...split] : split;
  return steps.length > 1 ? { kind: 'parallel', steps } : steps[0]!;
}

/** What all of some sets of conditions say. */
const inCommon = ([first, ...others]: readonly Conditions[]): Conditions =>
  new Map([...(first ?? [])].filter(([variable, value]) => others.every((set) => set.get(variable) === value)));

const askedIn = (document: DocumentNode, group: EntityGroup): readonly AskedField[] =>
  fieldsIn(belowRoot(document, group.key), null).filter(({ field }) => field.name.value !== '__typename');

function leavesNeeded({ subgraph }: Fetch, { type, field }: AskedField, { required }: Planning): Leaves {
  return new Set(type === null ? [] : leavesOf(required(subgraph, type, field.name.value), null, ''));
}

/** Below the top, the types do not count: what one type needs is then kept for the others too. */
function leavesOf(requires: readonly Requirement[], types: ReadonlySet<string> | null, above: string): readonly string[] {
  return requires.flatMap((r): readonly string[] => {
    if (r.kind === 'fragment') return leavesOf(r.selections, above === '' ? (r.types ?? types) : types, above);
    return r.selections ? leavesOf(r.selections, types, `${above}/${r.key}`) : namesOf(types, `${above}/${r.key}`);
  });
}

const namesOf = (types: ReadonlySet<string> | null, path: string): readonly string[] =>
  [...(types ?? ['*'])].map((type) => `${type} ${path}`);

/** A representation without the leaves that are not kept. */
function pruned(requires: readonly Requirement[], isKept: (leaf: string) => boolean): readonly Requirement[] {
  const prune = (inner: readonly Requirement[], types: ReadonlySet<string> | null, above: string): readonly Requirement[] =>
    inner.flatMap((r): readonly Requirement[] => {
      if (r.kind === 'fragment') {
        const selections = prune(r.selections, above === '' ? (r.types ?? types) : types, above);
        // Where nothing but the name of the type is left of a key, it is none.
        return selections.length > 0 && (hasMore(selections) || !hasMore(r.selections)) ? [{ ...r, selections }] : [];
      }
      if (!r.selections) return r.key === '__typename' || namesOf(types, `${above}/${r.key}`).some(isKept) ? [r] : [];
      const selections = prune(r.selections, types, `${above}/${r.key}`);
      // The name of the type alone is nothing that is required.
      return hasMore(selections) || !hasMore(r.selections) ? [{ ...r, selections }] : [];
    });
  return prune(requires, null, '');
}

const hasMore = (requires: readonly Requirement[]): boolean =>
  requires.some((r) => (r.kind === 'fragment' ? hasMore(r.selections) : r.key !== '__typename'));

function byConditions(asked: readonly AskedField[]) {
  const found = new Map<string, { readonly conditions: Conditions; readonly fields: AskedField[] }>();
  for (const a of asked) {
    const name = [...a.conditions]
      .map(([variable, value]) => `${variable} ${value}`)
      .sort((one, other) => (one < other ? -1 : 1))
      .join();
    const known = found.get(name) ?? { conditions: a.conditions, fields: [] };
    found.set(name, known);
    known.fields.push(a);
  }
  return found.values();
}

const under = (conditions: Conditions, fetch: Fetch): Step =>
  [...conditions].reduce<Step>((step, [variable, value]) => {
    const [then, otherwise] = value ? [step, null] : [null, step];
    return { kind: 'condition', variable, then, otherwise };
  }, fetch);

/** A group of entities, and which of its fields. */
interface Part {
  readonly group: EntityGroup;
  readonly fields: ReadonlySet<FieldNode>;
}

/** A fetch of a part of what another asks for. */
function fetchOf(fetch: Fetch, document: DocumentNode, parts: readonly Part[]): Fetch {
  const narrowed = visit(document, {
    OperationDefinition: (node) => {
      const selections = node.selectionSet.selections.flatMap((root): readonly SelectionNode[] => {
        const part = root.kind === Kind.FIELD && parts.find((p) => p.group.key === (root.alias ?? root.name).value);
        if (!part || !root.selectionSet) return [];
        return [{ ...root, selectionSet: narrow(root.selectionSet, part.fields) }];
      });
      return { ...node, selectionSet: { ...node.selectionSet, selections } };
    },
  });
  const used = new Set<string>();
  visit(narrowed, { VariableDefinition: () => false, Variable: (node) => void used.add(node.name.value) });
  const text = visit(narrowed, { VariableDefinition: (node) => (used.has(node.variable.name.value) ? false : null) });
  return {
    ...fetch,
    text: stripIgnoredCharacters(print(text)),
    variables: fetch.variables.filter((name) => used.has(name)),
    entities: parts.map((p) => p.group),
  };
}

function narrow(set: SelectionSetNode, fields: ReadonlySet<FieldNode>): SelectionSetNode {
  return {
    ...set,
    selections: set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return selection.name.value === '__typename' || fields.has(selection) ? [selection] : [];
      if (selection.kind !== Kind.INLINE_FRAGMENT) return [selection];
      const selectionSet = narrow(selection.selectionSet, fields);
      return selectionSet.selections.length > 0 ? [{ ...selection, selectionSet }] : [];
    }),
  };
}
