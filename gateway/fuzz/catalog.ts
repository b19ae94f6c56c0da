import { buildSubgraphSchema } from '@apollo/subgraph';
import type { DirectiveNode, FieldDefinitionNode, GraphQLSchema, SelectionSetNode, TypeNode } from 'graphql';
import { isAbstractType, isCompositeType, isObjectType, Kind, OperationTypeNode, parse } from 'graphql';
import type { SubgraphSdl } from './make/make.ts';

/** What the texts of the subgraphs say, as the made-up data and the made-up registries need it. Everything is read from the SDL, so that a case is complete as text. */
export interface Catalog {
  /** The schema as clients see it. */
  readonly api: GraphQLSchema;
  /** With what clients do not see, and subgraphs may require. */
  readonly whole: GraphQLSchema;
  readonly subgraphs: ReadonlyMap<string, SubgraphFacts>;
  /** Fields by `Type.field`. */
  readonly fields: ReadonlyMap<string, FieldFacts>;
}

export interface SubgraphFacts {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** Keys by which `_entities` finds a type. */
  readonly keys: ReadonlyMap<string, readonly SelectionSetNode[]>;
  readonly requires: ReadonlyMap<string, SelectionSetNode>;
  readonly interfaceObjects: ReadonlySet<string>;
  /** The name that all of the graph has for a type: root types are called as each subgraph likes. */
  readonly publicName: (type: string) => string;
}

export interface FieldFacts {
  /** The strictest of the types that subgraphs promise. */
  readonly type: TypeNode;
  /** Subgraphs that resolve it. */
  readonly subgraphs: readonly string[];
  /** Object types that it may lead to, wherever it is resolved. */
  readonly possible: readonly string[];
  /** It holds the identity of its object: a part of a key, or the object around parts of a key. */
  readonly isKey: boolean;
  readonly requires: SelectionSetNode | undefined;
}

/** Reads subgraphs. */
export function catalogOf(subgraphs: readonly SubgraphSdl[], api: GraphQLSchema, whole: GraphQLSchema): Catalog {
  const facts = new Map<string, SubgraphFacts>();
  const found = new Map<
    string,
    { type: TypeNode; subgraphs: string[]; requires: SelectionSetNode | undefined; possible: Set<string> | null }
  >();
  const keyFields = new Set<string>();
  const moved = movedFields(subgraphs);
  for (const { name, sdl } of subgraphs) {
    const document = parse(sdl, { noLocation: true });
    const schema = buildSubgraphSchema([{ typeDefs: document, resolvers: {} }] as never);
    const keys = new Map<string, SelectionSetNode[]>();
    const requires = new Map<string, SelectionSetNode>();
    const interfaceObjects = new Set<string>();
    const roots = rootNames(schema, api);
    const publicName = (type: string) => roots.get(type) ?? type;
    const own: SubgraphFacts = { name, schema, keys, requires, interfaceObjects, publicName };
    facts.set(name, own);
    for (const node of document.definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
      const type = node.name.value;
      if (directive(node, 'interfaceObject')) interfaceObjects.add(type);
      for (const key of node.directives?.filter((d) => d.name.value === 'key') ?? []) {
        const selection = fieldSet(key);
        markKey(schema, keyFields, type, selection);
        if (!isFalse(key, 'resolvable')) keys.set(type, [...(keys.get(type) ?? []), selection]);
      }
    }
    for (const node of document.definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
      for (const field of node.fields ?? []) {
        const coordinate = `${publicName(node.name.value)}.${field.name.value}`;
        if (directive(field, 'external') || moved.has(`${name} ${coordinate}`)) continue;
        const required = directive(field, 'requires');
        const selection = required && fieldSet(required);
        if (selection) requires.set(coordinate, selection);
        const before = found.get(coordinate);
        const possible = possibleTypes(own, api, field);
        found.set(coordinate, {
          type: before ? strictest(before.type, field.type) : field.type,
          subgraphs: [...(before?.subgraphs ?? []), name],
          requires: before?.requires ?? selection,
          possible: before?.possible && possible ? new Set([...possible].filter((name) => before.possible?.has(name))) : possible,
        });
      }
    }
  }
  const fields = new Map<string, FieldFacts>();
  // What nobody may see is nowhere: an answer with it would be an error.
  const seen = (name: string) => api.getType(name) !== undefined;
  for (const [coordinate, f] of found)
    fields.set(coordinate, { ...f, possible: [...(f.possible ?? [])].filter(seen).sort(), isKey: keyFields.has(coordinate) });
  return { api, whole, subgraphs: facts, fields };
}

/** Facts of a field of an object; those of an interface object when the type has none of its own. */
export function fieldFacts(catalog: Catalog, type: string, field: string): FieldFacts {
  const own = catalog.fields.get(`${type}.${field}`);
  if (own) return own;
  const object = catalog.whole.getType(type);
  for (const above of isObjectType(object) ? object.getInterfaces() : []) {
    const inherited = catalog.fields.get(`${above.name}.${field}`);
    if (inherited) return inherited;
  }
  throw new Error(`no subgraph resolves ${type}.${field}`);
}

/** A field that must have a value and can lead to nothing: such subgraphs contradict each other, and no data fits. */
export const isContradictory = (catalog: Catalog): boolean =>
  catalog.fields
    .values()
    .some((f) => f.possible.length === 0 && f.type.kind === Kind.NON_NULL_TYPE && isCompositeType(catalog.whole.getType(nameOf(f.type))));

/** Fields that another subgraph has taken over (`@override`), with the subgraph that has them no more. */
function movedFields(subgraphs: readonly SubgraphSdl[]): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const { sdl } of subgraphs) {
    for (const node of parse(sdl, { noLocation: true }).definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
      for (const field of node.fields ?? []) {
        const from = argument(directive(field, 'override'), 'from');
        if (from?.kind === Kind.STRING) moved.add(`${from.value} ${node.name.value}.${field.name.value}`);
      }
    }
  }
  return moved;
}

function rootNames(schema: GraphQLSchema, api: GraphQLSchema): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const operation of [OperationTypeNode.QUERY, OperationTypeNode.MUTATION]) {
    const [here, everywhere] = [schema.getRootType(operation), api.getRootType(operation)];
    if (here && everywhere) names.set(here.name, everywhere.name);
  }
  return names;
}

/** The name in a type. */
export const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));

const directive = (node: { readonly directives?: readonly DirectiveNode[] | undefined }, name: string) =>
  node.directives?.find((d) => d.name.value === name);

function fieldSet(node: DirectiveNode): SelectionSetNode {
  const value = argument(node, 'fields');
  if (value?.kind !== Kind.STRING) throw new Error('fields must be a string');
  const [operation] = parse(`{ ${value.value} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('not a set of fields');
  return operation.selectionSet;
}

const argument = (node: DirectiveNode | undefined, name: string) => node?.arguments?.find((a) => a.name.value === name)?.value;

const isFalse = (node: DirectiveNode, name: string): boolean => {
  const value = argument(node, name);
  return value?.kind === Kind.BOOLEAN && !value.value;
};

function markKey(schema: GraphQLSchema, into: Set<string>, type: string, selection: SelectionSetNode): void {
  const around = schema.getType(type);
  for (const node of selection.selections) {
    if (node.kind !== Kind.FIELD) continue;
    into.add(`${type}.${node.name.value}`);
    if (isAbstractType(around)) for (const member of schema.getPossibleTypes(around)) into.add(`${member.name}.${node.name.value}`);
    const field = around && 'getFields' in around ? around.getFields()[node.name.value] : undefined;
    const below = field && String(field.type).replaceAll(/[[\]!]/g, '');
    if (node.selectionSet && below) markKey(schema, into, below, node.selectionSet);
  }
}

/** Null for a leaf. */
function possibleTypes(subgraph: SubgraphFacts, api: GraphQLSchema, field: FieldDefinitionNode): Set<string> | null {
  const name = nameOf(field.type);
  const type = subgraph.schema.getType(name);
  if (!type || !isCompositeType(type)) return null;
  const known = subgraph.interfaceObjects.has(name) ? api.getType(name) : type;
  if (isAbstractType(known)) {
    const schema = known === type ? subgraph.schema : api;
    return new Set(schema.getPossibleTypes(known).flatMap((t) => membersOf(subgraph, api, t.name)));
  }
  return new Set([subgraph.publicName(name)]);
}

/** Object types behind the name of an object type of a subgraph. */
function membersOf(subgraph: SubgraphFacts, api: GraphQLSchema, name: string): string[] {
  const type = api.getType(name);
  return subgraph.interfaceObjects.has(name) && isAbstractType(type) ? api.getPossibleTypes(type).map((t) => t.name) : [name];
}

function strictest(a: TypeNode, b: TypeNode): TypeNode {
  if (a.kind === Kind.NON_NULL_TYPE || b.kind === Kind.NON_NULL_TYPE) {
    const inner = strictest(a.kind === Kind.NON_NULL_TYPE ? a.type : a, b.kind === Kind.NON_NULL_TYPE ? b.type : b);
    if (inner.kind === Kind.NON_NULL_TYPE) throw new Error('not a type');
    return { kind: Kind.NON_NULL_TYPE, type: inner };
  }
  if (a.kind === Kind.LIST_TYPE && b.kind === Kind.LIST_TYPE) return { kind: Kind.LIST_TYPE, type: strictest(a.type, b.type) };
  return a;
}
