import { ApiError } from '@commonweal/schema';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

const rootOf = { query: 'getQueryType', mutation: 'getMutationType', subscription: 'getSubscriptionType' } as const;

/** Rows of a page whose size is not known before it is asked for. */
const MOST_ROWS = 100;
/** Rows of a list without pages: phones, memberships of a program. */
const ROWS_OF_PLAIN_LIST = 10;

/** Lists of the introspection schema, with the rows they count for: a few, since they cost no registry anything, but enough that nobody asks for them by the dozen. */
const INTROSPECTION_ROWS: Readonly<Record<string, number>> = {
  types: 40,
  fields: 10,
  args: 3,
  inputFields: 8,
  enumValues: 8,
  possibleTypes: 8,
  interfaces: 2,
  directives: 4,
};

/** What an operation may cost, and whether that depends on variables. */
export interface Cost {
  readonly objects: number;
  readonly dependsOnVariables: boolean;
}

/**
 * The number of objects that an operation may answer with: each object field counts one, times the rows of all lists it stands in. The rows of a page are
 * its `first`, or the default of that. Each fragment is reckoned once. Run after validation, so that nobody learns from a cost what is hidden.
 */
export function costOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Readonly<Record<string, unknown>>,
): Cost {
  let dependsOnVariables = false;
  const known = new Map<string, { own: number; rows: number }>();

  /** `own` counts once for the parent; `rows` once for each row of the page that the parent is. */
  function of(set: SelectionSetNode, parent: GraphQLNamedType | undefined): { own: number; rows: number } {
    const sum = { own: 0, rows: 0 };
    for (const selection of set.selections) {
      const part =
        selection.kind === Kind.FIELD
          ? ofField(selection, parent)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? of(selection.selectionSet, selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : parent)
            : ofFragment(selection.name.value);
      sum.own += part.own;
      sum.rows += part.rows;
    }
    return sum;
  }

  function ofFragment(name: string) {
    const done = known.get(name);
    if (done) return done;
    const fragment = fragments.get(name);
    const value = fragment ? of(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value)) : { own: 0, rows: 0 };
    known.set(name, value);
    return value;
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType | undefined): { own: number; rows: number } {
    if (!node.selectionSet) return { own: 0, rows: 0 };
    const name = node.name.value;
    if (name === '__schema' || name === '__type') return { own: 1 + introspection(node.selectionSet), rows: 0 };
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!field) return { own: 0, rows: 0 };
    const below = of(node.selectionSet, getNamedType(field.type));
    if (!isListType(getNullableType(field.type))) return { own: 1 + below.own + below.rows * page(node, field), rows: 0 };
    // A list below a page has the page's rows: they are multiplied by whoever holds `first`.
    if (isPage(parent)) return { own: 0, rows: 1 + below.own };
    return {
      own: (1 + below.own) * (node.arguments?.some((a) => a.name.value === 'first') ? page(node, field) : ROWS_OF_PLAIN_LIST),
      rows: 0,
    };
  }

  function page(node: FieldNode, field: GraphQLField<unknown, unknown>): number {
    const given = node.arguments?.find((a) => a.name.value === 'first')?.value;
    if (given?.kind === Kind.INT) return Math.max(0, Number(given.value));
    if (given?.kind === Kind.VARIABLE) {
      dependsOnVariables = true;
      const definition = operation.variableDefinitions?.find((v) => v.variable.name.value === given.name.value);
      const fallback = definition?.defaultValue?.kind === Kind.INT ? Number(definition.defaultValue.value) : undefined;
      const value = Object.hasOwn(variables, given.name.value) ? variables[given.name.value] : fallback;
      return typeof value === 'number' ? Math.max(0, value) : MOST_ROWS;
    }
    const standard = field.args.find((a) => a.name === 'first')?.defaultValue;
    return typeof standard === 'number' ? standard : MOST_ROWS;
  }

  function introspection(set: SelectionSetNode): number {
    let sum = 0;
    for (const s of set.selections) {
      if (s.kind === Kind.FIELD)
        sum +=
          s.selectionSet && s.name.value !== 'ofType' ? (1 + introspection(s.selectionSet)) * (INTROSPECTION_ROWS[s.name.value] ?? 1) : 0;
      else if (s.kind === Kind.INLINE_FRAGMENT) sum += introspection(s.selectionSet);
      else sum += introspectionFragment(s.name.value);
    }
    return sum;
  }
  const introspected = new Map<string, number>();
  function introspectionFragment(name: string): number {
    const done = introspected.get(name);
    if (done !== undefined) return done;
    const fragment = fragments.get(name);
    const value = fragment ? introspection(fragment.selectionSet) : 0;
    introspected.set(name, value);
    return value;
  }

  const root = schema[rootOf[operation.operation]]() ?? undefined;
  const { own, rows } = of(operation.selectionSet, root);
  return { objects: own + rows, dependsOnVariables };
}

/** A page is an object with `pageInfo`: its lists hold the rows. */
function isPage(type: GraphQLNamedType | undefined): boolean {
  return isObjectType(type) && 'pageInfo' in type.getFields();
}

/** Throws LIMIT_EXCEEDED for an operation that may answer with too many objects. */
export function checkCost(cost: Cost, most: number): void {
  if (!(cost.objects <= most))
    throw new ApiError('LIMIT_EXCEEDED', `The operation may answer with too many objects: at most ${most}. Ask for smaller pages.`, {
      limit: most,
    });
}
