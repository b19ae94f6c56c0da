import { type DocumentNode, type FieldNode, type GraphQLAbstractType, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import { conditionVariables } from '../plan/conditions/conditions.ts';
import { fragmentsOf } from '../plan/fragments.ts';
import { placesOf } from './shape.cover.ts';
import { exactly } from './shape.exact.ts';
import { compileRoot, ODD, type Root } from './shape.fast.ts';
import type { FetchError } from './types.ts';

/** What an answer is shaped by. */
export interface ShapeInput {
  /** The schema that the document is valid against. */
  readonly schema: GraphQLSchema;
  /** The client's own document. */
  readonly document: DocumentNode;
  /** Which operation of it; needed when it has several. */
  readonly operationName?: string | undefined;
  /** What of the data may be told, and under which keys it stands. Without: all of it, under the client's own. Must not change. */
  readonly rules?: ShapeRules | undefined;
  /** Interfaces whose objects may stand in the data without their type, or under the name of the interface, where the answer is the same for all types. */
  readonly untyped?: ReadonlySet<string> | undefined;
}

/** How another layer takes part in shaping. */
export interface ShapeRules {
  /** Key under which the merged data has what the client calls `responseKey`. */
  key(responseKey: string, fieldName: string): string;
  /** Coordinate under which a field is refused: null stands in its place. Undefined: it is not. */
  refused(node: FieldNode): string | undefined;
  /** Whether a value that an enum has may be told; null stands in its place when not. */
  enumValue(type: string, value: string): boolean;
  /** Whether an object of this type may stand behind an interface or a union; null stands in its place when not. */
  type(name: string): boolean;
  /** Key that is not null in every object which really stands behind this interface or union; null when there is no such proof. */
  proof(type: GraphQLAbstractType): string | null;
}

/** A refused field that was met, at the first place where it was. */
export interface Refused {
  readonly coordinate: string;
  readonly nodes: readonly FieldNode[];
  readonly path: readonly (string | number)[];
}

/** A shaped answer. */
export interface Shaped {
  readonly data: Record<string, unknown> | null;
  /** Those of the fetches, then `faults`. */
  readonly errors: readonly FetchError[];
  /** What is wrong with the data, and is not said by an error of a fetch. The texts may repeat values. */
  readonly faults: readonly GraphQLError[];
  /** Each refused coordinate that was met, once. */
  readonly refused: readonly Refused[];
}

/** The shape of one operation's answers: compiled once, used by any number of requests. */
export interface Shape {
  /**
   * Makes an answer from merged data: the keys asked for, in their order; every leaf checked; null as far up as it must go. Values of the data that need no
   * change stand in the answer themselves. `variables` are coerced; places of `fetchErrors` are told in the client's keys.
   */
  shape(
    data: Readonly<Record<string, unknown>> | null,
    variables: Readonly<Record<string, unknown>>,
    fetchErrors: readonly FetchError[],
  ): Shaped;
  /** The quick way alone, which knows only data in good order; null at the first oddity. */
  quickly(
    data: Readonly<Record<string, unknown>> | null,
    variables: Readonly<Record<string, unknown>>,
  ): Pick<Shaped, 'data' | 'refused'> | null;
}

/** Sets of values of the variables in @skip and @include for which a shape is kept compiled. */
const MOST_VARIANTS = 16;

/** Compiles the shape of an operation's answers. Throws when the document has no such operation. */
export function compileShape(input: ShapeInput): Shape {
  const { schema, document, operationName } = input;
  const operation = getOperationAST(document, operationName);
  const type = operation && schema.getRootType(operation.operation);
  if (!operation || !type) throw new Error('the document has no such operation');
  const fragments = fragmentsOf(document);
  const conditions = conditionVariables(operation, fragments);
  const variants = new Map<string, Root>();

  function variantFor(variables: Readonly<Record<string, unknown>>): Root | null {
    let key = '';
    for (const name of conditions) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (typeof value !== 'boolean') return null;
      key += value ? '1' : '0';
    }
    const known = variants.get(key);
    if (known) return known;
    const root = compileRoot(
      { ...input, fragments, variables: Object.fromEntries(conditions.map((name, i) => [name, key[i] === '1'])) },
      type!,
      operation!,
    );
    const oldest = variants.size < MOST_VARIANTS ? undefined : variants.keys().next().value;
    if (oldest !== undefined) variants.delete(oldest);
    variants.set(key, root);
    return root;
  }

  function quickly(data: Readonly<Record<string, unknown>> | null, variables: Readonly<Record<string, unknown>>) {
    const root = variantFor(variables);
    try {
      return root?.(data ?? {}) ?? null;
    } catch (thrown) {
      // A document that was never validated may hold a condition that cannot be judged.
      if (thrown === ODD || thrown instanceof GraphQLError) return null;
      throw thrown;
    }
  }

  return {
    quickly,
    shape(data, variables, fetchErrors) {
      const quick = quickly(data, variables);
      if (quick) return { ...quick, errors: fetchErrors, faults: [] };
      const exact = exactly(input, data, variables);
      const told = placesOf(fetchErrors);
      const faults = exact.errors.filter(
        (e) => !e.nodes?.some((n) => input.rules?.refused(n as FieldNode) !== undefined) && !told.cover(e.path),
      );
      return { data: exact.data, errors: [...fetchErrors, ...faults], faults, refused: exact.refused };
    },
  };
}
