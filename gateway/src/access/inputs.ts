import type { Catalog, CatalogInput, Rights } from '@commonweal/schema';
import { Kind, type ValueNode } from 'graphql';

/** Coordinate of an input that was used and may not be: `PersonFilter.income`, `Query.person(id:)`, `PersonOrderField.SURNAME`. */
export type RefusedInput = string;

/** Tells which inputs may be used. What is given counts as used, whatever its value: null and an empty object ask for the field too. */
export interface InputCheck {
  /** An argument that may be used, in each of the types behind an interface; null if it may not. */
  argument(types: readonly string[], field: string, argument: string): CatalogInput | null;
  /** The first input of a literal that may not be used. */
  literal(value: ValueNode, type: string): RefusedInput | null;
  /** The first input of a variable's value that may not be used. */
  value(value: unknown, type: string): RefusedInput | null;
}

/** Makes the check for one profile. */
export function inputCheck(catalog: Catalog, rights: Rights): InputCheck {
  const enumValue = (type: string, value: string): RefusedInput | null => (rights.enumValue(type, value) ? null : `${type}.${value}`);
  const isEnum = (type: string) => enumsOf(catalog).has(type);

  function literal(node: ValueNode, type: string): RefusedInput | null {
    if (node.kind === Kind.LIST) return first(node.values, (v) => literal(v, type));
    if (node.kind === Kind.ENUM) return enumValue(type, node.value);
    if (node.kind !== Kind.OBJECT) return null;
    const fields = catalog.inputs.get(type);
    return first(node.fields, (f) => {
      const known = fields?.get(f.name.value);
      if (!known || !rights.input(known.reads)) return `${type}.${f.name.value}`;
      return literal(f.value, known.type);
    });
  }

  function value(given: unknown, type: string): RefusedInput | null {
    if (Array.isArray(given)) return first(given, (v) => value(v, type));
    if (typeof given === 'string') return isEnum(type) ? enumValue(type, given) : null;
    if (typeof given !== 'object' || given === null) return null;
    const fields = catalog.inputs.get(type);
    // A scalar may take any object; no rights hang on it.
    if (!fields) return null;
    return first(Object.entries(given), ([name, v]) => {
      const known = fields.get(name);
      if (!known || !rights.input(known.reads)) return `${type}.${name}`;
      return value(v, known.type);
    });
  }

  return {
    argument: (types, field, argument) => {
      const found = types.map((t) => catalog.fields.get(`${t}.${field}`)?.args.get(argument));
      return found.every((a) => a !== undefined && rights.input(a.reads)) ? (found[0] ?? null) : null;
    },
    literal,
    value,
  };
}

function first<T>(list: readonly T[], ask: (item: T) => RefusedInput | null): RefusedInput | null {
  for (const item of list) {
    const refused = ask(item);
    if (refused !== null) return refused;
  }
  return null;
}

const enums = new WeakMap<Catalog, ReadonlySet<string>>();
function enumsOf(catalog: Catalog): ReadonlySet<string> {
  const known = enums.get(catalog);
  if (known) return known;
  const names = new Set([...catalog.enumValues.keys()].map((c) => c.slice(0, c.indexOf('.'))));
  enums.set(catalog, names);
  return names;
}
