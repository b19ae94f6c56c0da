import { createHash } from 'node:crypto';
import { type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind, print, type TypeNode, type ValueNode } from 'graphql';
import { ACCESS_CLASSES, ACCESS_USES, type AccessClass, type AccessUse } from './classes.ts';

/** A field that an input reveals or changes, and the right it takes. */
export interface Read {
  readonly field: string;
  readonly use: AccessUse;
}

/** An output field, as the access model knows it. */
export interface CatalogField {
  readonly coordinate: string;
  /** Place in the bit sets of a decision. */
  readonly index: number;
  readonly accessClass: AccessClass;
  /** The right that seeing the field takes: READ unless it is a count, an aggregate or a verification. */
  readonly use: AccessUse;
  /** Named output type. */
  readonly type: string;
  readonly action: string | null;
  readonly args: ReadonlyMap<string, CatalogInput>;
}

/** An argument or input field. */
export interface CatalogInput {
  readonly reads: readonly Read[];
  /** Named input type. */
  readonly type: string;
}

/** An object type. */
export interface CatalogType {
  readonly name: string;
  readonly fields: ReadonlyMap<string, CatalogField>;
  readonly interfaces: readonly string[];
}

/** The whole graph as the access model knows it. */
export interface Catalog {
  /** SHA-256 of all that matters for access: two catalogs that decide alike have the same. */
  readonly digest: string;
  readonly types: ReadonlyMap<string, CatalogType>;
  readonly fields: ReadonlyMap<string, CatalogField>;
  /** Interface or union -> the object types behind it. */
  readonly possible: ReadonlyMap<string, readonly string[]>;
  /** Input object -> its fields. */
  readonly inputs: ReadonlyMap<string, ReadonlyMap<string, CatalogInput>>;
  /** `Enum.VALUE` -> what choosing it reads (inputs), and its class (outputs). */
  readonly enumValues: ReadonlyMap<string, { reads: readonly Read[]; accessClass: AccessClass | null }>;
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));
const directives = (node: { directives?: readonly ConstDirectiveNode[] }, name: string) =>
  (node.directives ?? []).filter((d) => d.name.value === name);
const argument = (d: ConstDirectiveNode, name: string): string | undefined => {
  const value: ValueNode | undefined = d.arguments?.find((a) => a.name.value === name)?.value;
  return value && 'value' in value ? String(value.value) : undefined;
};
function oneOf<T extends string>(list: readonly T[], value: string | undefined, what: string): T {
  if (!(list as readonly (string | undefined)[]).includes(value))
    throw new Error(`${what}: ${value ?? 'nothing'} is not one of ${list.join(', ')}`);
  return value as T;
}

function accessOf(
  node: { directives?: readonly ConstDirectiveNode[] },
  where: string,
): { accessClass: AccessClass; use: AccessUse } | null {
  const found = directives(node, 'access');
  if (found.length > 1) throw new Error(`${where}: @access stands twice`);
  if (!found[0]) return null;
  return {
    accessClass: oneOf(ACCESS_CLASSES, argument(found[0], 'class'), `${where}: class of @access`),
    use: oneOf(ACCESS_USES, argument(found[0], 'use') ?? 'READ', `${where}: use of @access`),
  };
}

function readsOf(node: { directives?: readonly ConstDirectiveNode[] }, where: string): Read[] {
  return directives(node, 'reads').map((d) => ({
    field: argument(d, 'field') ?? '',
    use: oneOf(ACCESS_USES, argument(d, 'use'), `${where}: use of @reads`),
  }));
}

const isObject = (d: DocumentNode['definitions'][number]) =>
  d.kind === Kind.OBJECT_TYPE_DEFINITION || d.kind === Kind.OBJECT_TYPE_EXTENSION;

/**
 * Reads the classes, uses, actions and reads of a supergraph (or of one subgraph's SDL).
 * Throws for a field without a class: unknown means no, already when the system starts.
 */
export function buildCatalog(document: DocumentNode): Catalog {
  const fields = new Map<string, CatalogField>();
  const types = new Map<string, CatalogType>();
  const inputs = new Map<string, Map<string, CatalogInput>>();
  const possible = new Map<string, string[]>();
  const enumValues = new Map<string, { reads: readonly Read[]; accessClass: AccessClass | null }>();
  const sorted = [...document.definitions].filter((d) => !('name' in d && d.name && /^(join|link|federation|core)__/.test(d.name.value)));

  const typeDefaults = new Map<string, { accessClass: AccessClass; use: AccessUse }>();
  for (const d of sorted) {
    if (!isObject(d) || !('name' in d) || !d.name) continue;
    const found = accessOf(d as never, d.name.value);
    const before = typeDefaults.get(d.name.value);
    if (found && before && (found.accessClass !== before.accessClass || found.use !== before.use))
      throw new Error(`${d.name.value}: two different classes`);
    if (found) typeDefaults.set(d.name.value, found);
  }

  for (const d of sorted) {
    if (d.kind === Kind.OBJECT_TYPE_DEFINITION || d.kind === Kind.OBJECT_TYPE_EXTENSION) {
      const typeName = d.name.value;
      const own = new Map(types.get(typeName)?.fields);
      for (const f of d.fields ?? []) {
        const coordinate = `${typeName}.${f.name.value}`;
        const access = accessOf(f, coordinate) ?? typeDefaults.get(typeName);
        if (!access) throw new Error(`${coordinate} has no access class: add @access(class: ...) to the field or to its type`);
        const field: CatalogField = {
          coordinate,
          index: fields.get(coordinate)?.index ?? fields.size,
          accessClass: access.accessClass,
          use: access.use,
          type: nameOf(f.type),
          action: actionOf(f),
          args: new Map(
            (f.arguments ?? []).map((a) => [a.name.value, { reads: readsOf(a, `${coordinate}(${a.name.value}:)`), type: nameOf(a.type) }]),
          ),
        };
        fields.set(coordinate, field);
        own.set(f.name.value, field);
      }
      const interfaces = [...new Set([...(types.get(typeName)?.interfaces ?? []), ...(d.interfaces ?? []).map((i) => i.name.value)])];
      types.set(typeName, { name: typeName, fields: own, interfaces });
      for (const i of interfaces) if (!possible.get(i)?.includes(typeName)) possible.set(i, [...(possible.get(i) ?? []), typeName]);
    } else if (d.kind === Kind.UNION_TYPE_DEFINITION) {
      possible.set(
        d.name.value,
        (d.types ?? []).map((t) => t.name.value),
      );
    } else if (d.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      inputs.set(
        d.name.value,
        new Map(
          (d.fields ?? []).map((f) => [f.name.value, { reads: readsOf(f, `${d.name.value}.${f.name.value}`), type: nameOf(f.type) }]),
        ),
      );
    } else if (d.kind === Kind.ENUM_TYPE_DEFINITION) {
      for (const v of d.values ?? []) {
        const where = `${d.name.value}.${v.name.value}`;
        enumValues.set(where, { reads: readsOf(v, where), accessClass: accessOf(v, where)?.accessClass ?? null });
      }
    }
  }
  const digest = createHash('sha256')
    .update(
      sorted
        .map((d) => print(d))
        .sort()
        .join('\n'),
    )
    .digest('hex');
  return { digest, types, fields, possible, inputs, enumValues };
}

function actionOf(field: FieldDefinitionNode): string | null {
  const found = directives(field, 'action')[0];
  return found ? (argument(found, 'name') ?? null) : null;
}
