import type { Rights } from '@commonweal/schema';
import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  responsePathAsArray,
} from 'graphql';
import { EXISTS, sentKey } from '../access/names.ts';
import type { AccessPlan } from '../access/rewrite.ts';
import { refusal, SENTENCES } from './errors.ts';

/** Data of an answer and the errors that stand beside it. */
export interface Shaped {
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly GraphQLError[];
}

/** What shaping needs to know of the operation. */
export interface ShapeInput {
  /** The whole graph. */
  readonly schema: GraphQLSchema;
  readonly rights: Rights;
  readonly disclosure: 'HIDE' | 'DENY';
  /** What the client sent, without introspection. */
  readonly document: DocumentNode;
  readonly plan: AccessPlan;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A registry that fails for each of a thousand rows is told of a hundred times. */
const MOST_ERRORS = 100;

type Path = GraphQLResolveInfo['path'];

interface Shaping {
  readonly input: ShapeInput;
  /** Refused coordinates that were really met, with the first place of each. */
  readonly met: Map<string, { readonly nodes: readonly FieldNode[]; readonly path: Path }>;
  readonly lookups: string[];
}

/**
 * Completes the client's own operation over what was fetched: key order, aliases, @skip and @include, type conditions and null propagation are those of GraphQL
 * itself. A refused field is null, with one error for each coordinate; what cannot be had looks the same whether it is absent, out of scope or not consented.
 */
export function shape(input: ShapeInput, fetched: Readonly<Record<string, unknown>> | null, fetchErrors: readonly GraphQLError[]): Shaped {
  const shaping: Shaping = { input, met: new Map(), lookups: [] };
  const result = executeSync({
    schema: input.schema,
    document: input.document,
    rootValue: fetched ?? {},
    contextValue: shaping,
    variableValues: input.variables,
    fieldResolver: resolve,
    typeResolver: (value: unknown) => ownValue(value, '__typename') as string,
  });
  const data = (result.data ?? null) as Record<string, unknown> | null;
  const errors = [...fetchErrors];
  for (const [coordinate, { nodes, path }] of shaping.met) {
    errors.push(
      refusal('FORBIDDEN_FIELD', `${coordinate} may not be seen for this purpose.`, {
        nodes,
        path: responsePathAsArray(path),
        details: { coordinate },
      }),
    );
  }
  for (const e of result.errors ?? []) {
    // A refused field that must not be null is null all the same, and has its error already; so has what was not fetched.
    if (e.nodes?.some((n) => input.plan.denied.has(n as FieldNode)) || fetchErrors.some((f) => covers(f.path, e.path))) continue;
    // What the text would say may hold a value; where it stands is enough.
    errors.push(refusal('INTERNAL', SENTENCES.INTERNAL, { nodes: e.nodes, path: e.path }));
  }
  if (input.disclosure === 'DENY') errors.push(...notAvailable(shaping.lookups, data, errors));
  return { data, errors: errors.slice(0, MOST_ERRORS) };
}

const resolve: GraphQLFieldResolver<unknown, Shaping> = (source, _args, shaping, info) => {
  const { input } = shaping;
  const { denied } = input.plan;
  if (denied.size > 0) {
    for (const node of info.fieldNodes) {
      const coordinate = denied.get(node);
      if (coordinate === undefined) continue;
      if (!shaping.met.has(coordinate)) shaping.met.set(coordinate, { nodes: info.fieldNodes, path: info.path });
      return null;
    }
  }
  const type = getNamedType(info.returnType);
  const value = permitted(ownValue(source, sentKey(String(info.path.key), info.fieldName)), type, input.rights);
  if (value === null && info.path.prev === undefined && isLookup(info.schema, info.parentType.name, info.fieldName))
    shaping.lookups.push(String(info.path.key));
  return value;
};

/** A property of the object itself: nothing that JavaScript lends to every object is data. */
const ownValue = (source: unknown, key: string): unknown =>
  typeof source === 'object' && source !== null && Object.hasOwn(source, key) ? ((source as Record<string, unknown>)[key] ?? null) : null;

/** Takes out of a fetched value what may not be told: hidden values of an enum, objects of a type that may not be met, and those that are not proven to exist. */
function permitted(value: unknown, type: GraphQLNamedType, rights: Rights): unknown {
  if (value === null) return null;
  if (isEnumType(type)) return each(value, (v) => (typeof v === 'string' && rights.enumValue(type.name, v) ? v : null));
  if (!isAbstractType(type)) return value;
  const mustProve = isInterfaceType(type) && type.getFields().id !== undefined;
  return each(value, (v) => {
    const name = ownValue(v, '__typename');
    if (typeof name !== 'string' || !rights.type(name)) return null;
    return mustProve && ownValue(v, EXISTS) === null ? null : v;
  });
}

function each(value: unknown, change: (v: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((v) => (v === null || v === undefined ? null : each(v, change)));
  return change(value);
}

/** Whether a field at the top looks one thing up: it takes an argument and gives one object that has a reference. */
function isLookup(schema: GraphQLSchema, parent: string, name: string): boolean {
  const query = schema.getQueryType();
  const field = query?.name === parent ? query.getFields()[name] : undefined;
  if (!field || field.args.length === 0 || isNonNullType(field.type) || isListType(field.type)) return false;
  const type = getNamedType(field.type);
  return (isObjectType(type) || isInterfaceType(type)) && type.getFields().id !== undefined;
}

function notAvailable(lookups: readonly string[], data: Record<string, unknown> | null, errors: readonly GraphQLError[]): GraphQLError[] {
  if (!data || errors.some((e) => !e.path || e.path.length === 0)) return [];
  return lookups
    .filter((key) => data[key] === null && !errors.some((e) => e.path?.[0] === key))
    .map((key) => refusal('NOT_AVAILABLE', 'Not available: there is none, or none that may be given.', { path: [key] }));
}

/** Whether one path lies on the way to the other. An error without a path covers everything. */
function covers(a: readonly (string | number)[] | undefined, b: readonly (string | number)[] | undefined): boolean {
  if (!a || !b) return true;
  return a.slice(0, b.length).every((step, i) => step === b[i]);
}
