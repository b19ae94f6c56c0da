import { executeSync, type FieldNode, type GraphQLSchema, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';
import { selectionSet } from '../access/nodes.ts';
import { type Selected, usedVariables, withFragments } from '../access/operations.ts';
import { collectFields } from '../execute/shape.collect.ts';

/** An operation taken apart: what asks about the schema, and the rest. */
export interface Split {
  /** Null when nothing asks about the schema. */
  readonly introspection: Selected | null;
  readonly data: Selected;
}

const asks = (node: FieldNode) => node.name.value === '__schema' || node.name.value === '__type';

/** Takes `__schema` and `__type` out of an operation. They stand at the top only, perhaps in fragments, whose spreads there are written out. */
export function splitIntrospection(selected: Selected): Split {
  const { operation, fragments } = selected;
  const found = { any: false };
  const part = (set: SelectionSetNode, wanted: boolean): SelectionNode[] =>
    set.selections.flatMap((s): SelectionNode[] => {
      if (s.kind === Kind.FIELD) {
        if (asks(s)) found.any = true;
        return asks(s) === wanted ? [s] : [];
      }
      const fragment = s.kind === Kind.INLINE_FRAGMENT ? s : fragments.get(s.name.value);
      if (!fragment) return [];
      const kept = part(fragment.selectionSet, wanted);
      return kept.length > 0
        ? [
            {
              kind: Kind.INLINE_FRAGMENT,
              typeCondition: fragment.typeCondition,
              directives: s.directives,
              selectionSet: selectionSet(kept),
            },
          ]
        : [];
    });
  const asking = part(operation.selectionSet, true);
  if (!found.any) return { introspection: null, data: selected };
  const rest = (selections: SelectionNode[]) => withFragments({ ...operation, selectionSet: selectionSet(selections) }, fragments);
  const introspection = rest(asking);
  const used = usedVariables(introspection);
  const variableDefinitions = operation.variableDefinitions?.filter((v) => used.has(v.variable.name.value));
  return {
    introspection: withFragments({ ...introspection.operation, variableDefinitions }, introspection.fragments),
    data: rest(part(operation.selectionSet, false)),
  };
}

/** Answers questions about the schema from the part of it that the caller may know. */
export function introspect(schema: GraphQLSchema, asked: Selected, variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result = executeSync({ schema, document: asked.document, variableValues: variables });
  if (result.errors) throw new Error('introspection failed', { cause: result.errors[0] });
  return result.data as Record<string, unknown>;
}

/** Puts both parts of an answer together, in the order in which the operation asks for them: what the variables skip has no place in it. */
export function merge(
  schema: GraphQLSchema,
  original: Selected,
  variables: Readonly<Record<string, unknown>>,
  introspection: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, unknown>> | null,
): Record<string, unknown> {
  const merged: Record<string, unknown> = Object.create(null);
  const all = { ...introspection, ...data };
  const root = schema.getRootType(original.operation.operation);
  if (!root) return merged;
  const collecting = { schema, fragments: original.fragments, variables };
  for (const key of collectFields(collecting, root, [original.operation.selectionSet]).keys()) {
    if (Object.hasOwn(all, key)) merged[key] = all[key];
  }
  return merged;
}
