import { ApiError } from '@commonweal/schema';
import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLSchema,
  isNonNullType,
  TypeInfo,
  typeFromAST,
  valueFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Selected } from './operations.ts';
import { isSurelyFine } from './variables.fine.ts';

/** Most values in the variables of a request, lists and objects counted too: the document has its limit of tokens, and a filter may stand in either. */
const MOST_VALUES = 2000;
/** Deepest nesting of a variable's value. Whoever walks it walks it by recursion, here and in the registries. */
const DEEPEST_VALUE = 32;

/** Throws LIMIT_EXCEEDED for variables from which a registry would have to make an enormous condition. */
function checkExtent(given: Readonly<Record<string, unknown>>): void {
  let values = 0;
  const walk = (value: unknown, depth: number): void => {
    values += 1;
    if (values > MOST_VALUES)
      throw new ApiError('LIMIT_EXCEEDED', `The variables are too large: values, at most ${MOST_VALUES}.`, { limit: MOST_VALUES });
    if (typeof value !== 'object' || value === null) return;
    if (depth > DEEPEST_VALUE)
      throw new ApiError('LIMIT_EXCEEDED', `The variables are too large: levels, at most ${DEEPEST_VALUE}.`, { limit: DEEPEST_VALUE });
    for (const v of Object.values(value)) walk(v, depth + 1);
  };
  for (const value of Object.values(given)) walk(value, 1);
}

/** Checks the variables of a request for one operation. Throws BAD_USER_INPUT. */
export type ReadVariables = (given: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** A variable of an operation, with what is the same for all requests. */
interface Declared {
  readonly name: string;
  readonly type: GraphQLInputType;
  /** Of its own type, or because of a place where it stands: one with a default may stand where null may not, and be sent as null. */
  readonly mustNotBeNull: boolean;
  readonly hasDefault: boolean;
  readonly fallback: unknown;
}

/**
 * Makes the check of an operation's variables against a schema. It says which variable is wrong and where in it, by names of the schema only: values are never
 * repeated, and a field that is hidden reads the same as one that never was. It gives back what was sent, with defaults, and
 * without variables that the operation does not declare.
 */
export function variablesReader(schema: GraphQLSchema, { operation, document }: Pick<Selected, 'operation' | 'document'>): ReadVariables {
  const needed = neededIn(schema, document);
  const declared = (operation.variableDefinitions ?? []).map((definition): Declared => {
    const type = typeFromAST(schema, definition.type as never) as GraphQLInputType;
    const { defaultValue } = definition;
    return {
      name: definition.variable.name.value,
      type,
      mustNotBeNull: isNonNullType(type) || needed.has(definition.variable.name.value),
      hasDefault: defaultValue !== undefined,
      fallback: defaultValue && valueFromAST(defaultValue, type),
    };
  });
  return (given) => {
    checkExtent(given);
    const values: Record<string, unknown> = Object.create(null);
    for (const { name, type, mustNotBeNull, hasDefault, fallback } of declared) {
      if (!Object.hasOwn(given, name)) {
        if (hasDefault) values[name] = fallback;
        else if (isNonNullType(type)) throw wrong(name, 'is required');
        continue;
      }
      const value = given[name];
      if (value === null && mustNotBeNull) throw wrong(name, 'must not be null');
      if (value !== null && !isSurelyFine(value, type)) {
        coerceInputValue(value, type, (path, _, { message }) => {
          throw wrong(name, faultAt(path, message));
        });
      }
      values[name] = value;
    }
    return values;
  };
}

/** What is wrong, and where. Of the library's words only the name of a field that the caller's schema has is taken over: the others repeat what was sent. */
function faultAt(path: readonly (string | number)[], message: string): string {
  const lacking = /^Field "(\w+)" of required type /.exec(message)?.[1];
  if (lacking !== undefined) return `lacks "${[...path, lacking].join('.')}"`;
  const place = path.length === 0 ? '' : ` at "${path.join('.')}"`;
  return /^Field ".*" is not defined by type /s.test(message) ? `has a field that there is not${place}` : `has a wrong value${place}`;
}

/** Names of the variables that stand where null may not. */
function neededIn(schema: GraphQLSchema, document: Selected['document']): ReadonlySet<string> {
  const needed = new Set<string>();
  const types = new TypeInfo(schema);
  const at = visitWithTypeInfo(types, {
    VariableDefinition: () => false,
    Variable({ name }) {
      if (isNonNullType(types.getInputType())) needed.add(name.value);
    },
  });
  visit(document, at);
  return needed;
}

const wrong = (name: string, what: string) => new ApiError('BAD_USER_INPUT', `Variable "$${name}" ${what}.`, { variable: name });
