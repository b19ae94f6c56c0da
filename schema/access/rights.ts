import type { Catalog, CatalogField, CatalogInput, Read } from './catalog.ts';
import type { AccessUse } from './classes.ts';
import type { Alternative, Decision } from './decider.ts';

/** What a decision permits, coordinate by coordinate. Rows and consent are not asked here: they are SQL. */
export interface Rights {
  /** Whether an output field may be asked for: itself, its action and its named output type. */
  field(coordinate: string): boolean;
  /** Whether anything of a type may be given. For an interface or union: whether anything of one of its types may. */
  type(name: string): boolean;
  /** Whether a coordinate may be put to a use; for a field of an interface: in each type behind it. */
  use(coordinate: string, use: AccessUse): boolean;
  /** Whether an argument, input field or enum value may be used: all that it reads. */
  input(reads: readonly Read[]): boolean;
  /** Whether an enum value may be chosen or returned. */
  enumValue(enumName: string, value: string): boolean;
}

/** Whether one alternative gives a coordinate for a use. */
export const gives = (a: Alternative, field: CatalogField, use: AccessUse): boolean => a.uses[use].has(field.index);

/**
 * Works out what a decision permits. A type with an `id` is permitted when that is: the reference is the right to know of it.
 * Another type is permitted when one of its fields is that is more than structure (an OPEN field beside protected ones is structure: page info, cursors).
 */
export function rightsOf(catalog: Catalog, decision: Pick<Decision, 'alternatives'>): Rights {
  const has = (field: CatalogField, use: AccessUse) => decision.alternatives.some((a) => gives(a, field, use));
  const mayAct = (action: string | null) => action === null || decision.alternatives.some((a) => a.actions.has(action));
  const own = (field: CatalogField) => has(field, field.use) && mayAct(field.action);

  const permitted = new Set<string>();
  const typeOk = (name: string): boolean =>
    catalog.types.has(name) ? permitted.has(name) : (catalog.possible.get(name)?.some((t) => permitted.has(t)) ?? true);
  const composite = (name: string) => catalog.types.has(name) || catalog.possible.has(name);
  for (let grew = true; grew; ) {
    grew = false;
    for (const type of catalog.types.values()) {
      if (permitted.has(type.name) || !worthwhile(type.name)) continue;
      permitted.add(type.name);
      grew = true;
    }
  }

  function worthwhile(name: string): boolean {
    const type = catalog.types.get(name);
    if (!type) return false;
    const id = type.fields.get('id');
    if (id) return own(id);
    const fields = [...type.fields.values()];
    const open = fields.every((f) => f.accessClass === 'OPEN');
    for (const field of fields) {
      if (field.accessClass === 'OPEN' && !open) continue;
      if (own(field) && (!composite(field.type) || typeOk(field.type))) return true;
    }
    return false;
  }

  const fieldsAt = (coordinate: string): CatalogField[] => {
    const direct = catalog.fields.get(coordinate);
    if (direct) return [direct];
    const [typeName = '', fieldName = ''] = coordinate.split('.');
    const types = catalog.possible.get(typeName) ?? [];
    const found = types.map((t) => catalog.fields.get(`${t}.${fieldName}`));
    return found.every((f) => f !== undefined) ? found : [];
  };

  const use = (coordinate: string, u: AccessUse) => {
    const found = fieldsAt(coordinate);
    return found.length > 0 && found.every((f) => has(f, u));
  };
  /** An interface's field is permitted only when each type behind it that may be met at all permits it. */
  const field = (coordinate: string): boolean => {
    const found = fieldsAt(coordinate);
    return found.length > 0 && found.every((f) => own(f) && (!composite(f.type) || typeOk(f.type)));
  };
  const enumValues = new Map<string, boolean>();
  const input = (reads: readonly Read[]) =>
    reads.every((r) => use(r.field, r.use) || (r.field.startsWith('Node.') && decision.alternatives.length > 0));
  return {
    field: (c) => (c.startsWith('Node.') ? nodeField(c) : field(c)),
    type: typeOk,
    use,
    input,
    enumValue: (enumName, value) => {
      const coordinate = `${enumName}.${value}`;
      const told = enumValues.get(coordinate);
      if (told !== undefined) return told;
      const known = catalog.enumValues.get(coordinate);
      if (!known) return false;
      const { reads, accessClass } = known;
      const given = accessClass === null || decision.alternatives.some((a) => classGiven(catalog, a, accessClass));
      // Of values that there are, and so no more of them than the graph has.
      enumValues.set(coordinate, input(reads) && given);
      return enumValues.get(coordinate) ?? false;
    },
  };

  /** `Node.id` is the reference of whatever stands behind it: it tells no more than the types that the caller may meet. */
  function nodeField(coordinate: string): boolean {
    const name = coordinate.slice('Node.'.length);
    const met = (catalog.possible.get('Node') ?? []).filter((t) => permitted.has(t));
    return (
      met.length > 0 &&
      met.every((t) => {
        const f = catalog.fields.get(`${t}.${name}`);
        return f !== undefined && own(f);
      })
    );
  }
}

const classGiven = (catalog: Catalog, a: Alternative, accessClass: string) =>
  [...catalog.fields.values()].some((f) => f.accessClass === accessClass && gives(a, f, 'READ'));

/** All inputs below an input type that carry a condition, for walking the value of a variable. */
export const inputFields = (catalog: Catalog, type: string): ReadonlyMap<string, CatalogInput> | undefined => catalog.inputs.get(type);
