import type { Rights } from '@commonweal/schema';
import { type FieldNode, type GraphQLError, type GraphQLSchema, isInterfaceType } from 'graphql';
import { EXISTS, sentKey } from '../access/names.ts';
import type { Selected } from '../access/operations.ts';
import type { AccessPlan } from '../access/rewrite.ts';
import { compileShape, type ShapeRules } from '../execute/shape.ts';
import type { Fetched } from '../execute/types.ts';
import { refusal, SENTENCES } from './errors.ts';
import { fetchError } from './shape.errors.ts';
import { lookupsOf } from './shape.lookups.ts';

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
  readonly selected: Selected;
  readonly plan: Pick<AccessPlan, 'denied'>;
}

/** Makes answers out of what was fetched. Told of errors of which nothing may be said. */
export type Shape = (fetched: Fetched, variables: Readonly<Record<string, unknown>>, onFault: (fault: unknown) => void) => Shaped;

/** A registry that fails for each of a thousand rows is told of a hundred times. */
const MOST_ERRORS = 100;

/**
 * Completes the client's own operation over what was fetched for it, under the names that were sent. A refused field is null, with one error for each coordinate;
 * what cannot be had looks the same whether it is absent, out of scope or not consented.
 */
export function shapeFor(input: ShapeInput): Shape {
  const { schema, selected, rights, plan, disclosure } = input;
  const operationName = selected.operation.name?.value;
  const compiled = compileShape({ schema, document: selected.document, operationName, rules: rulesOf(rights, plan) });
  const lookups = disclosure === 'DENY' ? lookupsOf(schema, selected, plan) : [];

  return (fetched, variables, onFault) => {
    const told = fetched.errors.map((e) => fetchError(e, onFault));
    const { data, faults, refused } = compiled.shape(fetched.data, variables, told);
    const forbidden = refused.map(({ coordinate, nodes, path }) =>
      refusal('FORBIDDEN_FIELD', `${coordinate} may not be seen for this purpose.`, { nodes, path, details: { coordinate } }),
    );
    // What the text would say may hold a value; where it stands is enough.
    const internal = faults.map(({ nodes, path }) => refusal('INTERNAL', SENTENCES.INTERNAL, { nodes, path }));
    const errors = [...told, ...forbidden, ...internal];
    if (data && !errors.some((e) => !e.path || e.path.length === 0)) {
      const missing = lookups.filter((l) => l.isMissing(data, fetched.data) && !errors.some((e) => e.path?.[0] === l.key));
      for (const { key } of missing)
        errors.push(refusal('NOT_AVAILABLE', 'Not available: there is none, or none that may be given.', { path: [key] }));
    }
    return { data, errors: errors.slice(0, MOST_ERRORS) };
  };
}

/** The rights, as the engine's shaping asks for them. */
const rulesOf = (rights: Rights, { denied }: Pick<AccessPlan, 'denied'>): ShapeRules => ({
  key: sentKey,
  refused: (node: FieldNode) => denied.get(node),
  enumValue: (type, value) => rights.enumValue(type, value),
  type: (name) => rights.type(name),
  proof: (type) => (isInterfaceType(type) && type.getFields().id !== undefined ? EXISTS : null),
});
