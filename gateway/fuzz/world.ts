import type { FieldNode, GraphQLEnumType, GraphQLSchema, SelectionSetNode, TypeNode } from 'graphql';
import { GraphQLError, getArgumentValues, isAbstractType, isCompositeType, isEnumType, isObjectType, Kind } from 'graphql';
import type { Catalog } from './catalog.ts';
import { fieldFacts, nameOf } from './catalog.ts';
import { Chance, canonical, hash } from './random.ts';

/** An object of the made-up data. */
export class Ref {
  readonly type: string;
  readonly id: string;

  constructor(type: string, id: string) {
    this.type = type;
    this.id = id;
  }
}

/** The objects that root fields belong to. */
export const ROOT = 'root';

/** Made-up data: one value for each object, field and arguments, whichever subgraph is asked. */
export class World {
  readonly catalog: Catalog;
  readonly #seed: string;
  readonly #numbers = new Map<number, string>();

  constructor(catalog: Catalog, seed: string) {
    this.catalog = catalog;
    this.#seed = seed;
  }

  /** The value of a field: null, a leaf, a reference, or a list of such. `required` is what the subgraph was given for its `@requires`. */
  value(type: string, id: string, field: string, args: Readonly<Record<string, unknown>>, required?: unknown): unknown {
    const facts = fieldFacts(this.catalog, type, field);
    if (facts.isKey) return this.#keyValue(facts.type, facts.possible, id, field);
    const needed = facts.requires ? (required === undefined ? this.required(type, id, facts.requires) : required) : null;
    const chance = new Chance(`${this.#seed}|${type}|${id}|${field}|${canonical(args)}|${canonical(needed)}`);
    return this.#make(chance, facts.type, facts.possible, field);
  }

  /** What a `@requires` of an object comes to in truth. */
  required(type: string, id: string, selection: SelectionSetNode): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const node of selection.selections) {
      if (node.kind === Kind.FIELD) {
        const name = node.name.value;
        const value = name === '__typename' ? type : this.value(type, id, name, argumentsOf(this.catalog.whole, type, node));
        const below = node.selectionSet;
        result[name] = below ? mapLists(value, (v) => (v instanceof Ref ? this.required(v.type, v.id, below) : v)) : value;
      } else if (node.kind === Kind.INLINE_FRAGMENT && applies(this.catalog.whole, node.typeCondition?.name.value, type)) {
        Object.assign(result, this.required(type, id, node.selectionSet));
      }
    }
    return result;
  }

  /** The identity that a leaf of a key stands for; null when it is no such leaf. */
  identity(field: string, value: unknown): string | null {
    if (typeof value === 'number') return this.#numbers.get(value) ?? null;
    if (typeof value !== 'string') return null;
    return value.startsWith(`${field}:`) ? value.slice(field.length + 1) : null;
  }

  /** The type of an object of which only the interface is known. */
  typeOf(name: string, id: string): string {
    const type = this.catalog.api.getType(name);
    if (!isAbstractType(type)) return name;
    const members = this.catalog.api.getPossibleTypes(type).map((t) => t.name);
    return members.find((member) => id.startsWith(member)) ?? new Chance(id).pick(members);
  }

  #keyValue(type: TypeNode, possible: readonly string[], id: string, field: string): unknown {
    const named = nameOf(type);
    if (possible[0] !== undefined) return new Ref(possible[0], id);
    if (named === 'Int') {
      const number = hash(`${id}.${field}`) >>> 1;
      this.#numbers.set(number, id);
      return number;
    }
    return `${field}:${id}`;
  }

  #make(chance: Chance, type: TypeNode, possible: readonly string[], field: string): unknown {
    if (type.kind === Kind.NON_NULL_TYPE) return this.#some(chance, type.type, possible, field);
    return chance.maybe(0.12) ? null : this.#some(chance, type, possible, field);
  }

  #some(chance: Chance, type: TypeNode, possible: readonly string[], field: string): unknown {
    if (type.kind === Kind.LIST_TYPE) {
      const inner = type.type;
      const hasNone = possible.length === 0 && isCompositeType(this.catalog.whole.getType(nameOf(type)));
      return Array.from({ length: hasNone ? 0 : chance.pick([0, 1, 2, 2, 3]) }, () => this.#make(chance, inner, possible, field));
    }
    if (possible.length > 0) {
      const target = chance.pick(possible);
      const isRoot = target === this.catalog.api.getQueryType()?.name;
      return new Ref(target, isRoot ? ROOT : `${target}${chance.between(1, 3)}`);
    }
    return isCompositeType(this.catalog.whole.getType(nameOf(type))) ? null : this.#leaf(chance, nameOf(type), field);
  }

  /** Values that every subgraph with the enum has: another could not be given by all of them. */
  #valuesOf(type: GraphQLEnumType): string[] {
    const known = [...this.catalog.subgraphs.values()].map((s) => s.schema.getType(type.name)).filter(isEnumType);
    return type.getValues().flatMap(({ name }) => (known.every((k) => k.getValue(name)) ? [name] : []));
  }

  #leaf(chance: Chance, name: string, field: string): unknown {
    switch (name) {
      case 'Int':
        return chance.between(-9, 999);
      case 'Float':
        return chance.pick([0, 1, -2.5, 1e3, 0.125]) + chance.between(0, 9);
      case 'Boolean':
        return chance.maybe(0.5);
      case 'String':
      case 'ID':
        return chance.maybe(0.05) ? '' : `${field} ${chance.between(0, 999)}`;
    }
    const type = this.catalog.api.getType(name);
    if (isEnumType(type)) return chance.pick(this.#valuesOf(type));
    return chance.pick<() => unknown>([
      () => chance.between(0, 9),
      () => `json ${chance.between(0, 9)}`,
      () => ({ constructor: chance.between(0, 9), deep: [{ a: null }] }),
      () => [chance.between(0, 9), [true]],
      () => false,
    ])();
  }
}

/** Whether an object of a type is selected by a type condition. */
export function applies(schema: GraphQLSchema, condition: string | undefined, type: string): boolean {
  if (condition === undefined || condition === type) return true;
  const wanted = schema.getType(condition);
  const object = schema.getType(type);
  return isAbstractType(wanted) && isObjectType(object) && schema.isSubType(wanted, object);
}

/** A value with every element that is no list changed. */
export const mapLists = (value: unknown, change: (value: unknown) => unknown): unknown =>
  Array.isArray(value) ? value.map((v) => mapLists(v, change)) : change(value);

function argumentsOf(schema: GraphQLSchema, type: string, node: FieldNode): Record<string, unknown> {
  const object = schema.getType(type);
  const field = isObjectType(object) ? object.getFields()[node.name.value] : undefined;
  if (!field) throw new GraphQLError(`there is no ${type}.${node.name.value}`);
  return getArgumentValues(field, node, {});
}
