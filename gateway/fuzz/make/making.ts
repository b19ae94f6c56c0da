import type { Chance } from '../random.ts';
import type { DraftSubgraph, DraftType } from './draft.ts';
import { addField, typeIn } from './draft.ts';

/** What is known of a supergraph while it is being made up. */
export interface Making {
  readonly chance: Chance;
  readonly subgraphs: ReadonlyMap<string, DraftSubgraph>;
  readonly entities: EntityPlan[];
  readonly values: ValuePlan[];
  readonly interfaces: { readonly name: string; readonly members: readonly EntityPlan[] }[];
  readonly unions: string[];
  /** Interfaces that some subgraphs know as an object. */
  readonly objects: { readonly name: string; readonly members: readonly EntityPlan[] }[];
}

/** An entity, and the subgraphs that resolve it. */
export interface EntityPlan {
  readonly name: string;
  readonly homes: readonly string[];
  /** Subgraphs that must not define it, because they know it by an interface object. */
  readonly hiddenFrom: Set<string>;
}

/** A type without a key, the same wherever it is used. */
export interface ValuePlan {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
}

export const LEAVES = ['String', 'Int', 'Float', 'Boolean', 'ID', 'Hue', 'Tint', 'Json'] as const;

const ARGUMENTS = [
  '(n: Int = 5)',
  '(hue: Hue = RED)',
  '(f: Filter)',
  '(x: String!)',
  '(ids: [ID!] = ["p"])',
  '(f: Filter = { n: 1, hue: BLUE })',
  '(n: Int, hue: Hue! = BLUE)',
] as const;

/** Arguments of a field, as text; mostly none. */
export const someArguments = (chance: Chance, probability: number): string => (chance.maybe(probability) ? chance.pick(ARGUMENTS) : '');

/** A type of a field around a named type. */
export function wrapped(chance: Chance, name: string): string {
  const form = chance.pick(['N', 'N', 'N', 'N', 'N!', 'N!', 'N!', '[N]', '[N!]', '[N!]!', '[N!]!', '[N]!', '[[N]]', '[[N!]!]!', '[[N]!]']);
  return form.replace('N', name);
}

/** The name in a type of a field. */
export const namedOf = (type: string): string => type.replaceAll(/[[\]!]/g, '');

/** The draft of a subgraph. */
export function subgraphOf(making: Making, name: string): DraftSubgraph {
  const found = making.subgraphs.get(name);
  if (!found) throw new Error(`there is no subgraph ${name}`);
  return found;
}

/** Makes a named type usable as the type of a field in a subgraph; false when it cannot be. */
export function makeUsable(making: Making, subgraph: DraftSubgraph, name: string): boolean {
  if ((LEAVES as readonly string[]).includes(name) || subgraph.types.has(name) || subgraph.unions.has(name)) return true;
  const value = making.values.find((v) => v.name === name);
  if (value) {
    const type = typeIn(subgraph, name);
    for (const field of value.fields)
      if (makeUsable(making, subgraph, namedOf(field.type))) addField(type, field.name, field.type, '', '@shareable');
    return true;
  }
  const entity = making.entities.find((e) => e.name === name);
  return entity !== undefined && addStub(making, subgraph, entity);
}

/** An entity that a subgraph only refers to. */
function addStub(making: Making, subgraph: DraftSubgraph, entity: EntityPlan): boolean {
  if (entity.hiddenFrom.has(subgraph.name)) return false;
  const home = subgraphOf(making, making.chance.pick(entity.homes)).types.get(entity.name);
  const keys = [...(home?.keys.keys() ?? [])].filter((key) => !key.includes('{'));
  if (!home || keys.length === 0) return false;
  const key = making.chance.pick(keys);
  const stub = typeIn(subgraph, entity.name);
  stub.keys.set(key, { resolvable: making.chance.maybe(0.4) });
  for (const name of key.split(' ')) addField(stub, name, home.fields.get(name)?.type ?? 'ID!');
  return true;
}

/** Named types that a field in a subgraph may have, composite ones more often than leaves. */
export function someNamedType(making: Making, subgraph: DraftSubgraph): string {
  const { chance } = making;
  if (chance.maybe(0.45)) return chance.pick(LEAVES);
  const candidates = [
    ...making.entities.filter((e) => !e.hiddenFrom.has(subgraph.name)).map((e) => e.name),
    ...making.values.map((v) => v.name),
    ...making.interfaces.map((i) => i.name).filter((name) => subgraph.types.has(name)),
    ...making.objects.map((o) => o.name).filter((name) => subgraph.types.has(name)),
    ...making.unions.filter((name) => subgraph.unions.has(name)),
  ];
  return candidates.length > 0 ? chance.pick(candidates) : chance.pick(LEAVES);
}

/** Whether a field of a type holds its key in a subgraph. */
export const isKeyField = (type: DraftType, field: string): boolean =>
  [...type.keys.keys()].some((key) => key.split(/[\s{}]+/).includes(field));
