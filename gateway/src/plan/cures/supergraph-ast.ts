import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';

/** Fields of a type of a supergraph, by name. */
export type FieldsOf = (type: string) => ReadonlyMap<string, FieldDefinitionNode>;

const NO_FIELDS: ReadonlyMap<string, FieldDefinitionNode> = new Map();

/** Reads the fields of all object and interface types. */
export function fieldsOf(supergraph: DocumentNode): FieldsOf {
  const types = new Map<string, ReadonlyMap<string, FieldDefinitionNode>>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    types.set(definition.name.value, new Map((definition.fields ?? []).map((f) => [f.name.value, f])));
  }
  return (type) => types.get(type) ?? NO_FIELDS;
}

/** Names of the subgraphs by the names that they have inside the supergraph. */
export function subgraphNames(supergraph: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const value of definition.values ?? []) {
      const name = value.directives?.map((d) => argumentOf(d, 'name')).find((v) => v?.kind === Kind.STRING);
      if (name?.kind === Kind.STRING) names.set(value.name.value, name.value);
    }
  }
  return names;
}

/** The value that a directive is given for an argument. */
export const argumentOf = (directive: ConstDirectiveNode, name: string): ConstValueNode | undefined =>
  directive.arguments?.find((a) => a.name.value === name)?.value;

/** Reads a set of fields as it stands in `requires` or `key`: selections without braces. */
export function parseFieldSet(fields: string): SelectionSetNode {
  const definition = parse(`{${fields}}`, { noLocation: true }).definitions[0];
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a set of fields: ${fields}`);
  return definition.selectionSet;
}

/** Writes a set of fields as it stands in `requires`. */
export const printFieldSet = (set: SelectionSetNode): string => print(set).slice(1, -1).replaceAll(/\s+/g, ' ').trim();

/** Name of a type without list and non-null. */
export const baseName = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : baseName(type.type));
