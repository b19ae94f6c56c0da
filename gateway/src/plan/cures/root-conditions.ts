import { type DocumentNode, isAbstractType, visit } from 'graphql';
import type { Supergraph } from '../supergraph.ts';

/**
 * A text without type conditions that name a root type. A subgraph may call its root types otherwise (`schema { query: RootQuery }`), of which the supergraph says
 * nothing; and the planner writes the condition where a field leads back to the root, and where a client's fragment there has a directive.
 */
export function withoutRootConditions(document: DocumentNode, { schema, planning }: Supergraph): DocumentNode {
  const names = new Set(Object.values(planning.rootTypes));
  // Behind an interface or a union such a condition would make a difference.
  const isAlone = (name: string) => {
    const type = schema.getType(name);
    return (
      type !== undefined &&
      !Object.values(schema.getTypeMap()).some((t) => isAbstractType(t) && schema.getPossibleTypes(t).some((p) => p === type))
    );
  };
  return visit(document, {
    InlineFragment: (node) => {
      const name = node.typeCondition?.name.value;
      return name !== undefined && names.has(name) && isAlone(name) ? { ...node, typeCondition: undefined } : undefined;
    },
  });
}
