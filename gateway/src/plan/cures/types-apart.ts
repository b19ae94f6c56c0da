import type { DocumentNode } from 'graphql';
import { fragmentsOf } from '../fragments.ts';
import { PlanError } from '../plan-error.ts';
import type { EntityGroup, Fetch, Requirement, Step } from '../steps.ts';
import type { Planning } from '../supergraph.ts';
import { type Brought, brings, broughtBy, leavesNeeded, placeOf, selectedIn } from './brought.ts';
import { belowRoot, fieldsIn, operationsOf, readText } from './fetch-texts.ts';
import { placesIn } from './schedule.ts';
import { covers } from './unmet-requirements.ts';

/**
 * A subgraph that knows an interface as an object is asked for the same of all that is behind it. In `media { pages ... on Book { label } }` that is the label of films too, for
 * which nothing brings what it requires: the label is computed from nothing, or no film is sent, and its pages are null without an error. Such a plan is refused here,
 * and the operation planned in another way.
 */
export function refuseTypesMixed(step: Step | null, document: DocumentNode, planning: Planning): void {
  if (!step || planning.computed.size === 0) return;
  const fetches = placesIn(step).map((p) => p.fetch);
  const groups = fetches.flatMap((fetch) =>
    (fetch.entities ?? []).map((group) => ({ fetch, group, fields: computedIn(fetch, group, planning) })),
  );
  if (groups.every(({ fields }) => fields.every((f) => f.needs.length === 0))) return;
  const brought = fetches.map((fetch) => ({ fetch, by: broughtBy(fetch, planning.subtypes) }));
  const asked = selectedIn(operationsOf(document), '', planning.subtypes, fragmentsOf(document));
  for (const { fetch, group, fields } of groups) {
    if (fields.every((f) => f.needs.length === 0)) continue;
    const isBrought = (path: string, type: string, except?: Fetch) =>
      brought.some(({ fetch: other, by }) => other !== except && isFor(by, path, type));
    for (const type of new Set(fields.flatMap((f) => f.types))) {
      const sent = sentFor(fetch, group, type, isBrought);
      for (const { name, key, needs, types } of fields) {
        if (!types.includes(type)) continue;
        if (sent.length > 0 && !needs.every((need) => covers(sent, need, null))) {
          throw new PlanError('impossible', `"${fetch.subgraph}" would be asked for ${type}.${name} without what it requires.`);
        }
        const path = `${placeOf(fetch)}/${key}`;
        const isLost = sent.length === 0 && needs.length === 0 && isFor(asked, path, type) && !isBrought(path, type, fetch);
        if (isLost) throw new PlanError('impossible', `"${fetch.subgraph}" would not be asked for ${type}.${name}.`);
      }
    }
  }
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
