import {
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  print,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../fragments.ts';
import { PlanError } from '../plan-error.ts';
import { argumentOf, fieldsOf } from './supergraph-ast.ts';

/** Fields of interfaces that a subgraph gives which knows the interface as an object (`@interfaceObject`), as `Interface.field`. */
export function fieldsOfInterfaceObjects(supergraph: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  const fields = fieldsOf(supergraph);
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const isTrue = (value: ReturnType<typeof argumentOf>) => value?.kind === Kind.BOOLEAN && value.value;
    const graphOf = (directive: Parameters<typeof argumentOf>[0]) => {
      const graph = argumentOf(directive, 'graph');
      return graph?.kind === Kind.ENUM ? graph.value : undefined;
    };
    const graphs = new Set((definition.directives ?? []).filter((d) => isTrue(argumentOf(d, 'isInterfaceObject'))).map(graphOf));
    if (graphs.size === 0) continue;
    for (const [name, field] of fields(definition.name.value)) {
      const joins = (field.directives ?? []).filter((d) => d.name.value === 'join__field');
      const isGiven = joins.length === 0 || joins.some((d) => graphs.has(graphOf(d)) && !isTrue(argumentOf(d, 'external')));
      if (isGiven) found.add(`${definition.name.value}.${name}`);
    }
  }
  return found;
}

interface Asked {
  /** The type in whose fragment, or as whose field, it stands. */
  readonly type: GraphQLCompositeType;
  readonly field: FieldNode;
}

/**
 * Refuses to ask an interface object for two things under one name: `... on Book { label(n: 1) } ... on Film { label(n: 2) }` is a fine operation, but to a subgraph
 * that knows both as one object they are the same field, and the planner asks for one of them in the place of both. With an alias for either it can be answered.
 */
export function refuseOneName(schema: GraphQLSchema, given: ReadonlySet<string>, document: DocumentNode): void {
  if (given.size === 0) return;
  const fragments = fragmentsOf(document);
  const interfaces = [...new Set([...given].map((coordinate) => coordinate.split('.')[0] ?? ''))]
    .map((n) => schema.getType(n))
    .filter(isInterfaceType);

  const askedIn = (set: SelectionSetNode, type: GraphQLCompositeType): readonly Asked[] =>
    set.selections.flatMap((selection): readonly Asked[] => {
      if (selection.kind === Kind.FIELD) return [{ type, field: selection }];
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const wanted = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
      return fragment && isCompositeType(wanted) ? askedIn(fragment.selectionSet, wanted) : [];
    });
  const isGivenBy = (object: GraphQLInterfaceType, { type, field }: Asked) =>
    given.has(`${object.name}.${field.name.value}`) && overlap(schema, object, type);
  const look = (all: readonly Asked[]): void => {
    for (const [key, same] of Map.groupBy(all, ({ field }) => (field.alias ?? field.name).value)) {
      const kinds = Map.groupBy(same, ({ field }) => textOf(field));
      for (const object of kinds.size > 1 ? interfaces : []) {
        if ([...kinds.values()].filter((kind) => kind.some((asked) => isGivenBy(object, asked))).length > 1) {
          throw new PlanError(
            'unsupported',
            `Two things are asked of a ${object.name} under the name "${key}": one of them needs an alias.`,
          );
        }
      }
      for (const kind of kinds.values()) {
        look(
          kind.flatMap(({ type, field }) => {
            const below = isUnionType(type) ? undefined : getNamedType(type.getFields()[field.name.value]?.type);
            return field.selectionSet && isCompositeType(below) ? askedIn(field.selectionSet, below) : [];
          }),
        );
      }
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const root = schema.getRootType(definition.operation);
    if (root) look(askedIn(definition.selectionSet, root));
  }
}

const textOf = ({ name, arguments: args }: FieldNode): string => [name.value, ...(args ?? []).map(print).sort()].join(' ');

/** Whether an object behind an interface can be of a type. */
function overlap(schema: GraphQLSchema, object: GraphQLInterfaceType, type: GraphQLCompositeType): boolean {
  const possible = isObjectType(type) ? [type] : schema.getPossibleTypes(type);
  return possible.some((t) => schema.isSubType(object, t));
}
