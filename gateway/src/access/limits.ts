import { ApiError } from '@commonweal/schema';
import { type DefinitionNode, type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** The most that an operation may be and take. Each is checked before anything is planned. */
export interface GraphLimits {
  /** Lexical tokens of the document. */
  readonly tokens: number;
  /** Nesting of fields, fragments followed. */
  readonly depth: number;
  /** Aliases, fragments followed. */
  readonly aliases: number;
  /** Fields at the top, fragments followed. */
  readonly rootFields: number;
  /** Directives in the document. */
  readonly directives: number;
  /** Times that one response key stands in one selection set. */
  readonly repeats: number;
  /** Fields, fragments followed. */
  readonly fields: number;
  /** Fields that give an interface or a union: each must be planned for every type behind it. */
  readonly abstractFields: number;
  /** Objects the answer may come to hold; see `cost.ts`. */
  readonly cost: number;
  /** Milliseconds until the subgraphs must have answered. */
  readonly timeoutMs: number;
  /** Milliseconds to wait for the audit record to be on disk. */
  readonly auditWaitMs: number;
  /** Milliseconds between two looks for new sharing policies. */
  readonly policyPollMs: number;
  /** Milliseconds without contact to the consent registry after which personal data is refused. */
  readonly policyStaleMs: number;
}

/** Room for the largest dashboards of the registry and for the introspection query of common tools, and little more. */
export const DEFAULT_LIMITS: GraphLimits = {
  tokens: 2000,
  depth: 14,
  aliases: 30,
  rootFields: 10,
  directives: 50,
  repeats: 10,
  fields: 1000,
  abstractFields: 4,
  cost: 10_000,
  timeoutMs: 10_000,
  auditWaitMs: 5000,
  policyPollMs: 250,
  policyStaleMs: 5000,
};

interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  /** Fields that stand at the top when this is spread at the top. */
  readonly top: number;
}

/** Of the introspection schema: tools write it eight deep, and it goes no further than a type is wrapped. */
const UNWRAPS = 'ofType';
const EMPTY: Size = { depth: 0, fields: 0, aliases: 0, top: 0 };
const tooMuch = (what: string, most: number): never => {
  throw new ApiError('LIMIT_EXCEEDED', `The operation is too large: ${what}, at most ${most}.`, { limit: most });
};

/**
 * Measures a document before anything else looks at it and throws LIMIT_EXCEEDED. It asks no schema, so it cannot tell what exists; each fragment
 * is measured once and never expanded, so that a few lines cannot stand for millions of fields.
 */
export function checkSize(document: DocumentNode, limits: GraphLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const d of document.definitions) if (d.kind === Kind.FRAGMENT_DEFINITION) fragments.set(d.name.value, d);
  const measured = new Map<string, Size | 'open'>();
  let directives = 0;

  const count = (node: { readonly directives?: readonly unknown[] }) => {
    directives += node.directives?.length ?? 0;
    if (directives > limits.directives) tooMuch('directives', limits.directives);
  };

  function ofFragment(name: string): Size {
    const known = measured.get(name);
    if (known === 'open') throw new ApiError('GRAPHQL_VALIDATION_FAILED', `Cannot spread fragment "${name}" within itself.`);
    if (known) return known;
    const fragment = fragments.get(name);
    // A fragment that is not there is told by validation.
    if (!fragment) return EMPTY;
    measured.set(name, 'open');
    count(fragment);
    const size = of(fragment.selectionSet);
    measured.set(name, size);
    return size;
  }

  function of(set: SelectionSetNode): Size {
    const keys = new Map<string, number>();
    const total = { depth: 0, fields: 0, aliases: 0, top: 0 };
    for (const selection of set.selections) {
      count(selection);
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const times = (keys.get(key) ?? 0) + 1;
        if (times > limits.repeats) tooMuch('one field repeated', limits.repeats);
        keys.set(key, times);
        const below = selection.selectionSet ? of(selection.selectionSet) : EMPTY;
        total.depth = Math.max(total.depth, below.depth + (selection.name.value === UNWRAPS ? 0 : 1));
        total.fields += below.fields + 1;
        total.aliases += below.aliases + (selection.alias ? 1 : 0);
        total.top += 1;
      } else {
        const below = selection.kind === Kind.INLINE_FRAGMENT ? of(selection.selectionSet) : ofFragment(selection.name.value);
        total.depth = Math.max(total.depth, below.depth);
        total.fields += below.fields;
        total.aliases += below.aliases;
        total.top += below.top;
      }
    }
    if (total.depth > limits.depth) tooMuch('levels', limits.depth);
    if (total.fields > limits.fields) tooMuch('fields', limits.fields);
    if (total.aliases > limits.aliases) tooMuch('aliases', limits.aliases);
    return total;
  }

  const measure = (d: DefinitionNode) => {
    if (d.kind === Kind.FRAGMENT_DEFINITION) ofFragment(d.name.value);
    if (d.kind !== Kind.OPERATION_DEFINITION) return;
    count(d);
    for (const v of d.variableDefinitions ?? []) count(v);
    if (of(d.selectionSet).top > limits.rootFields) tooMuch('fields at the top', limits.rootFields);
  };
  document.definitions.forEach(measure);
}
