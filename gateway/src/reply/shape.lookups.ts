import {
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { sentKey } from '../access/names.ts';
import type { Selected } from '../access/operations.ts';
import type { AccessPlan } from '../access/rewrite.ts';

type Data = Readonly<Record<string, unknown>>;

/** A field at the top that looks one thing up. */
export interface Lookup {
  readonly key: string;
  /** Whether an answer, and what was fetched for it, say that there is no such thing, or none that may be given. */
  isMissing(answer: Data, fetched: Data | null): boolean;
}

/** Fields at the top of a query that look one thing up: they take an argument, give one object that has a reference, and are not refused. */
export function lookupsOf(
  schema: GraphQLSchema,
  { operation, fragments }: Selected,
  { denied }: Pick<AccessPlan, 'denied'>,
): readonly Lookup[] {
  const query = schema.getQueryType();
  if (operation.operation !== 'query' || !query) return [];
  const found = new Map<string, Lookup | null>();
  const walked = new Set<string>();

  function walk(set: SelectionSetNode): void {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        if (denied.has(node)) found.set(key, null);
        else if (!found.has(key)) found.set(key, lookup(key, node.name.value));
      } else if (node.kind === Kind.INLINE_FRAGMENT) walk(node.selectionSet);
      else if (!walked.has(node.name.value)) {
        walked.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment) walk(fragment.selectionSet);
      }
    }
  }

  function lookup(key: string, name: string): Lookup | null {
    const field = query?.getFields()[name];
    if (!field || field.args.length === 0 || isNonNullType(field.type) || isListType(field.type)) return null;
    const type = getNamedType(field.type);
    if (!(isObjectType(type) || isInterfaceType(type)) || type.getFields().id === undefined) return null;
    const from = sentKey(key, name);
    return {
      key,
      isMissing(answer, fetched) {
        if (!Object.hasOwn(answer, key) || answer[key] !== null) return false;
        // Behind an interface, what was fetched may be of a type that may not be met, or not proven to exist. Else null with something fetched is a fault below.
        return isInterfaceType(type) || !fetched || !Object.hasOwn(fetched, from) || (fetched[from] ?? null) === null;
      },
    };
  }

  walk(operation.selectionSet);
  return [...found.values()].filter((l) => l !== null);
}
