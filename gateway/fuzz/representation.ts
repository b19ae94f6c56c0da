import type { SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';
import type { SubgraphFacts } from './catalog.ts';
import type { Faults } from './faults.ts';
import type { World } from './world.ts';
import { applies } from './world.ts';

interface Asked {
  readonly world: World;
  readonly faults: Faults;
  readonly objection: (text: string) => void;
}

type Representation = Readonly<Record<string, unknown>>;

/** Which object a representation stands for; null when there is none such. Objects to one without any key, or with keys of two objects mixed up. */
export function identityOf(subgraph: SubgraphFacts, asked: Asked, by: Representation): string | null {
  const keys = subgraph.keys.get(String(by.__typename)) ?? [];
  const complete = keys.map((key) => leavesOf(key, by)).filter((leaves) => leaves !== null);
  if (complete.length === 0) {
    if (asked.faults.all.length === 0) asked.objection(`${subgraph.name} was given no key that it knows: ${JSON.stringify(by)}`);
    return null;
  }
  const ids = complete.map((leaves) => leaves.map(([name, value]) => asked.world.identity(name, value)));
  const distinct = new Set(ids.flat());
  if (distinct.size !== 1 && asked.faults.all.length === 0)
    asked.objection(`${subgraph.name} was given keys of several objects: ${JSON.stringify(by)}`);
  return ids[0]?.[0] ?? null;
}

/** The leaves of a key in a representation; null when not all are there. */
function leavesOf(key: SelectionSetNode, by: Representation): [string, unknown][] | null {
  const leaves: [string, unknown][] = [];
  for (const node of key.selections) {
    if (node.kind !== Kind.FIELD) continue;
    const value = Object.hasOwn(by, node.name.value) ? by[node.name.value] : undefined;
    if (value === undefined) return null;
    if (!node.selectionSet) leaves.push([node.name.value, value]);
    else if (value === null || typeof value !== 'object') return null;
    else {
      const below = leavesOf(node.selectionSet, value as Representation);
      if (!below) return null;
      leaves.push(...below);
    }
  }
  return leaves;
}

/** What a representation brings for a field with `@requires`. Objects when something is missing. */
export function requiredIn(
  subgraph: SubgraphFacts,
  asked: Asked,
  type: string,
  field: string,
  needed: SelectionSetNode,
  by: Representation | undefined,
): unknown {
  const missing: string[] = [];
  const values = by ? pick(asked, needed, by, missing) : {};
  if ((!by || missing.length > 0) && asked.faults.all.length === 0) {
    asked.objection(
      `${subgraph.name} was asked for ${type}.${field} without what it requires (${missing.join(', ')}): ${JSON.stringify(by)}`,
    );
  }
  return values;
}

function pick(asked: Asked, needed: SelectionSetNode, from: Representation, missing: string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const node of needed.selections) {
    if (node.kind === Kind.FIELD) {
      const name = node.name.value;
      const value = Object.hasOwn(from, name) ? from[name] : undefined;
      if (value === undefined) missing.push(name);
      result[name] = node.selectionSet ? below(asked, node.selectionSet, value, missing) : value;
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      const type = from.__typename;
      // A gateway sends no more than was required: without a type, what is there tells which one it is.
      if (typeof type !== 'string') Object.assign(result, definedOf(pick(asked, node.selectionSet, from, [])));
      else if (applies(asked.world.catalog.api, node.typeCondition?.name.value, type))
        Object.assign(result, pick(asked, node.selectionSet, from, missing));
    }
  }
  return result;
}

function below(asked: Asked, needed: SelectionSetNode, value: unknown, missing: string[]): unknown {
  if (Array.isArray(value)) return value.map((v) => below(asked, needed, v, missing));
  if (value === null || typeof value !== 'object') return value;
  return pick(asked, needed, value as Representation, missing);
}

const definedOf = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
