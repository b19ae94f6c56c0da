import { type FieldNode, type InlineFragmentNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';

const name = (value: string) => ({ kind: Kind.NAME, value }) as const;

/** `{ ... }` of some selections. */
export const selectionSet = (selections: readonly SelectionNode[]): SelectionSetNode => ({ kind: Kind.SELECTION_SET, selections });

/** A field without arguments or selections. */
export const field = (of: string, alias?: string): FieldNode => ({
  kind: Kind.FIELD,
  name: name(of),
  alias: alias === undefined ? undefined : name(alias),
});

/** `__typename`. */
export const typename = (): FieldNode => field('__typename');

/** `... on T { ... }`. */
export const inlineFragment = (type: string, selections: readonly SelectionNode[]): InlineFragmentNode => ({
  kind: Kind.INLINE_FRAGMENT,
  typeCondition: { kind: Kind.NAMED_TYPE, name: name(type) },
  selectionSet: selectionSet(selections),
});
