import type { FieldNode, FragmentDefinitionNode, GraphQLObjectType, GraphQLOutputType, GraphQLSchema, SelectionSetNode } from 'graphql';
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  getVariableValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
} from 'graphql';
import type { Operation } from './ask/operation.ts';
import { canonical } from './random.ts';
import { applies } from './world.ts';

interface Reading {
  readonly schema: GraphQLSchema;
  readonly variables: Record<string, unknown>;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Whether data has the shape that an operation asks for: the keys in their order, null only where it may be, leaves of their type. What is wrong, or null. */
export function misshapen(schema: GraphQLSchema, operation: Operation, data: Readonly<Record<string, unknown>> | null): string | null {
  if (data === null) return null;
  const definition = operation.document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
  const root = definition && schema.getRootType(definition.operation);
  if (!definition || !root) throw new Error('there is no operation');
  const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], operation.variables as Record<string, unknown>);
  const fragments = new Map(
    operation.document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]),
  );
  return ofObject({ schema, variables: coerced ?? {}, fragments }, root, data, [definition.selectionSet], '');
}

function ofObject(reading: Reading, type: GraphQLObjectType, value: unknown, sets: readonly SelectionSetNode[], at: string): string | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return `${at} is no object`;
  const fields = new Map<string, FieldNode[]>();
  collect(reading, type, sets, fields);
  const keys = Object.keys(value);
  if (keys.join() !== [...fields.keys()].join()) return `${at} has the keys ${keys.join()} and should have ${[...fields.keys()].join()}`;
  for (const [key, nodes] of fields) {
    const name = nodes[0]?.name.value ?? '';
    const found = (value as Record<string, unknown>)[key];
    if (name === '__schema' || name === '__type') continue;
    if (name === '__typename') {
      if (found !== type.name) return `${at}.${key} is ${String(found)} and not ${type.name}`;
      continue;
    }
    const field = type.getFields()[name];
    if (!field) return `${at}.${key} does not exist`;
    const wrong = ofType(reading, field.type, found, nodes, `${at}.${key}`);
    if (wrong) return wrong;
  }
  return null;
}

function ofType(reading: Reading, type: GraphQLOutputType, value: unknown, nodes: readonly FieldNode[], at: string): string | null {
  if (value === undefined) return `${at} is undefined`;
  if (isNonNullType(type)) return value === null ? `${at} is null and must not be` : ofType(reading, type.ofType, value, nodes, at);
  if (value === null) return null;
  if (isListType(type)) {
    if (!Array.isArray(value)) return `${at} is no list`;
    for (const [i, element] of value.entries()) {
      const wrong = ofType(reading, type.ofType, element, nodes, `${at}.${i}`);
      if (wrong) return wrong;
    }
    return null;
  }
  if (isLeafType(type)) {
    try {
      return canonical(type.serialize(value)) === canonical(value) ? null : `${at} is ${JSON.stringify(value)}, which is no ${type.name}`;
    } catch {
      return `${at} is ${JSON.stringify(value)}, which is no ${type.name}`;
    }
  }
  const sets = nodes.map((n) => n.selectionSet).filter((s) => s !== undefined);
  if (!isAbstractType(type)) return ofObject(reading, type, value, sets, at);
  let first: string | null = `${at} is of no type`;
  for (const possible of reading.schema.getPossibleTypes(type)) {
    const wrong = ofObject(reading, possible, value, sets, at);
    if (!wrong) return null;
    first = wrong;
  }
  return first;
}

function collect(reading: Reading, type: GraphQLObjectType, sets: readonly SelectionSetNode[], into: Map<string, FieldNode[]>): void {
  for (const set of sets) {
    for (const node of set.selections) {
      if (getDirectiveValues(GraphQLSkipDirective, node, reading.variables)?.if === true) continue;
      if (getDirectiveValues(GraphQLIncludeDirective, node, reading.variables)?.if === false) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        into.set(key, [...(into.get(key) ?? []), node]);
        continue;
      }
      const inner = node.kind === Kind.FRAGMENT_SPREAD ? reading.fragments.get(node.name.value) : node;
      if (inner && applies(reading.schema, inner.typeCondition?.name.value, type.name)) collect(reading, type, [inner.selectionSet], into);
    }
  }
}
