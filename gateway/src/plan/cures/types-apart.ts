import { type DocumentNode, type GraphQLSchema, getNamedType, isInterfaceType, isObjectType, Kind, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from '../fragments.ts';
import { PlanError } from '../plan-error.ts';
import type { EntityGroup, Fetch, Requirement, Step } from '../steps.ts';
import type { Subtypes } from '../subtypes.ts';
import type { Planning } from '../supergraph.ts';
import { type Brought, brings, broughtBy, leavesNeeded, placeOf } from './brought.ts';
import { belowRoot, fieldsIn, readText } from './fetch-texts.ts';
import { placesIn } from './schedule.ts';
import { covers } from './unmet-requirements.ts';

/**
 * A subgraph that knows an interface as an object is asked for the same of all that is behind it. In `media { pages ... on Book { label } }` that is the label
 * of films too, for which nothing brings what it requires: the label is computed from nothing, or no film is sent, and its pages are null without an error.
 * Such a plan is refused here, and the operation planned in another way.
 */
export function refuseTypesMixed(step: Step | null, document: DocumentNode, schema: GraphQLSchema, planning: Planning): void {
  if (!step || planning.computed.size === 0) return;
  const fetches = placesIn(step).map((p) => p.fetch);
  const groups = fetches.flatMap((fetch) =>
    (fetch.entities ?? []).map((group) => ({ fetch, group, fields: computedIn(fetch, group, planning) })),
  );
  if (groups.every(({ fields }) => fields.every((f) => f.needs.length === 0))) return;
  const brought = fetches.map((fetch) => ({ fetch, by: broughtBy(fetch, planning.subtypes) }));
  const asked = askedIn(schema, document, planning.subtypes);
  for (const { fetch, group, fields } of groups) {
    if (fields.every((f) => f.needs.length === 0)) continue;
    const isBrought = (path: string, type: string, except?: Fetch) =>
      brought.some(({ fetch: other, by }) => other !== except && isFor(by, path, type));
    // What only a requirement leads to may be of any type.
    const at = asked.at.get(placeOf(fetch));
    for (const type of new Set(fields.flatMap((f) => f.types))) {
      if (at && !at.has(type)) continue;
      const sent = sentFor(fetch, group, type, isBrought);
      for (const { name, key, needs, types } of fields) {
        if (!types.includes(type)) continue;
        if (sent.length > 0 && !needs.every((need) => covers(sent, need, null))) {
          throw new PlanError('impossible', `"${fetch.subgraph}" would be asked for ${type}.${name} without what it requires.`);
        }
        const path = `${placeOf(fetch)}/${key}`;
        const isLost = sent.length === 0 && needs.length === 0 && asked.of.get(path)?.has(type) && !isBrought(path, type, fetch);
        if (isLost) throw new PlanError('impossible', `"${fetch.subgraph}" would not be asked for ${type}.${name}.`);
      }
    }
  }
}

/** By the keys that lead there from the root of the data. */
interface Asked {
  /** Types of the objects that may stand at a place. */
  readonly at: ReadonlyMap<string, ReadonlySet<string>>;
  /** Types of the objects of which a field is asked for. */
  readonly of: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What an operation asks for, of which types. */
function askedIn(schema: GraphQLSchema, document: DocumentNode, subtypes: Subtypes): Asked {
  const fragments = fragmentsOf(document);
  const at = new Map<string, Set<string>>();
  const of = new Map<string, Set<string>>();
  const collect = (set: SelectionSetNode, on: string, types: readonly string[], above: string): void => {
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD) {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        const inner = fragment?.typeCondition?.name.value ?? on;
        const members = subtypes(inner);
        if (fragment) collect(fragment.selectionSet, inner, inner === on ? types : types.filter((t) => members.has(t)), above);
        continue;
      }
      const path = `${above}/${(selection.alias ?? selection.name).value}`;
      add(of, path, types);
      const parent = schema.getType(on);
      const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[selection.name.value] : undefined;
      if (!field || !selection.selectionSet) continue;
      const given = getNamedType(field.type).name;
      const members = [...subtypes(given)];
      add(at, path, members);
      collect(selection.selectionSet, given, members, path);
    }
  };
  for (const definition of document.definitions) {
    const root = definition.kind === Kind.OPERATION_DEFINITION && schema.getRootType(definition.operation);
    if (root) collect(definition.selectionSet, root.name, [root.name], '');
  }
  return { at, of };
}

function add(to: Map<string, Set<string>>, path: string, types: readonly string[]): void {
  const known = to.get(path) ?? new Set();
  for (const type of types) known.add(type);
  to.set(path, known);
}

interface FieldOfAll {
  readonly name: string;
  readonly key: string;
  readonly needs: readonly Requirement[];
  /** Types of the objects of which it is asked. */
  readonly types: readonly string[];
}

/** What is asked of interfaces that the subgraph knows as objects. */
const computedIn = (fetch: Fetch, group: EntityGroup, { required, local, untyped, subtypes }: Planning): readonly FieldOfAll[] =>
  fieldsIn(belowRoot(readText(fetch), group.key), null).flatMap(({ type, field: { name, alias } }) =>
    type === null || !untyped.has(type) || name.value === '__typename'
      ? []
      : {
          name: name.value,
          key: (alias ?? name).value,
          needs: required(fetch.subgraph, type, name.value).filter((need) => !local.has(fetch.subgraph, type, [need], [])),
          types: [...subtypes(type)].filter((t) => t !== type && subtypes(t).size === 1),
        },
  );

/** What a representation of an object of a type is made of: a fragment of which a part is not there adds nothing. */
function sentFor(
  fetch: Fetch,
  { requires }: EntityGroup,
  type: string,
  isBrought: (path: string, type: string) => boolean,
): readonly Requirement[] {
  const isThere = (r: Requirement) => leavesNeeded(fetch, [r]).every((leaf) => leaf.isDoubtful || isBrought(leaf.path, type));
  return requires.flatMap((r) => (r.kind === 'fragment' && (r.types?.has(type) ?? true) && isThere(r) ? r.selections : []));
}

const isFor = (selected: Brought, path: string, type: string): boolean => brings(selected, { path, types: new Set([type]) });
