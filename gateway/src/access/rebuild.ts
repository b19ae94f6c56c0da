import {
  type GraphQLArgument,
  GraphQLEnumType,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInterfaceType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  type GraphQLType,
  GraphQLUnionType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import type { Kept } from './prune.ts';

/** Builds a schema of its own from what stays of another. Types that cannot be reached from a root do not come along. */
export function rebuild(schema: GraphQLSchema, kept: Kept): GraphQLSchema {
  const made = new Map<string, GraphQLNamedType>();

  function named<T extends GraphQLNamedType>(type: T): T {
    const known = made.get(type.name);
    if (known) return known as T;
    const fresh = isScalarType(type) ? type : make(type);
    made.set(type.name, fresh);
    return fresh as T;
  }
  function wrapped<T extends GraphQLType>(type: T): T {
    if (isNonNullType(type)) return new GraphQLNonNull(wrapped(type.ofType)) as unknown as T;
    if (isListType(type)) return new GraphQLList(wrapped(type.ofType)) as unknown as T;
    return named(type as GraphQLNamedType) as unknown as T;
  }

  function make(type: GraphQLNamedType): GraphQLNamedType {
    const { name, description } = type;
    if (isObjectType(type))
      return new GraphQLObjectType({
        name,
        description,
        interfaces: () =>
          type
            .getInterfaces()
            .filter((i) => kept.type(i))
            .map(named),
        fields: () => fieldsOf(type),
      });
    if (isInterfaceType(type))
      return new GraphQLInterfaceType({
        name,
        description,
        interfaces: () =>
          type
            .getInterfaces()
            .filter((i) => kept.type(i))
            .map(named),
        fields: () => fieldsOf(type),
      });
    if (isUnionType(type))
      return new GraphQLUnionType({
        name,
        description,
        types: () =>
          type
            .getTypes()
            .filter((t) => kept.type(t))
            .map(named),
      });
    if (isInputObjectType(type)) {
      return new GraphQLInputObjectType({
        name,
        description,
        isOneOf: type.isOneOf,
        fields: () =>
          Object.fromEntries(
            Object.values(type.getFields())
              .filter((f) => kept.inputField(type, f))
              .map((f) => [
                f.name,
                {
                  type: wrapped(f.type) as GraphQLInputType,
                  description: f.description,
                  defaultValue: f.defaultValue,
                  deprecationReason: f.deprecationReason,
                },
              ]),
          ),
      });
    }
    if (isEnumType(type)) {
      return new GraphQLEnumType({
        name,
        description,
        values: Object.fromEntries(
          type
            .getValues()
            .filter((v) => kept.enumValue(type, v.name))
            .map((v) => [v.name, { value: v.value as unknown, description: v.description, deprecationReason: v.deprecationReason }]),
        ),
      });
    }
    return type;
  }

  function fieldsOf(type: GraphQLObjectType | GraphQLInterfaceType): GraphQLFieldConfigMap<unknown, unknown> {
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter((f) => kept.field(type, f))
        .map((f) => [
          f.name,
          {
            type: wrapped(f.type) as GraphQLOutputType,
            description: f.description,
            deprecationReason: f.deprecationReason,
            args: argumentsOf(f.args.filter((a) => kept.argument(type, f, a))),
          },
        ]),
    );
  }
  const argumentsOf = (args: readonly GraphQLArgument[]): GraphQLFieldConfigArgumentMap =>
    Object.fromEntries(
      args.map((a) => [
        a.name,
        {
          type: wrapped(a.type) as GraphQLInputType,
          description: a.description,
          defaultValue: a.defaultValue,
          deprecationReason: a.deprecationReason,
        },
      ]),
    );

  const query = schema.getQueryType();
  const mutation = schema.getMutationType();
  const build = (types: readonly GraphQLNamedType[]) =>
    new GraphQLSchema({
      description: schema.description,
      directives: schema.getDirectives(),
      types,
      query: query && named(query),
      mutation: mutation && kept.type(mutation) ? named(mutation) : undefined,
    });
  // What implements an interface is met behind it though no field names it; those types may reach further interfaces.
  let pruned = build([]);
  for (let before = -1; before !== made.size; ) {
    before = made.size;
    const behind = Object.values(schema.getTypeMap()).filter(
      (t) => isObjectType(t) && kept.type(t) && t.getInterfaces().some((i) => made.has(i.name)),
    );
    pruned = build(behind.map(named));
  }
  return pruned;
}
