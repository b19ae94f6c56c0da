import { type DocumentNode, Kind, visit } from 'graphql';
import type { VirtualFields } from './required-arguments.ts';
import { argumentOf, parseFieldSet } from './supergraph-ast.ts';

/** The response key under which a field of the client travels. */
export type SentKey = (responseKey: string, fieldName: string) => string;

const MOVED = '_own_';

/** Aliases that the planner gives to fields that do not fit together. */
const PLANNER_ALIAS = /__alias_\d+$/;

/**
 * What a client calls like a field that the planner adds (`id: name`, where `id` is a key) is taken for that field: the planner fetches one and gives it out as
 * the other. So such aliases are moved out of the way, and back when the answer is shaped.
 */
export function clientKeys(supergraph: DocumentNode, virtual: VirtualFields): SentKey {
  const reserved = new Set(['__typename', ...virtual.keys()]);
  visit(supergraph, {
    Directive: (node) => {
      for (const name of ['key', 'requires']) {
        const fields = argumentOf(node as never, name);
        if (!node.name.value.startsWith('join__') || fields?.kind !== Kind.STRING) continue;
        visit(parseFieldSet(fields.value), { Field: (field) => void reserved.add(field.name.value) });
      }
    },
  });
  return (responseKey, fieldName) => {
    const isTaken = (responseKey !== fieldName && reserved.has(responseKey)) || PLANNER_ALIAS.test(responseKey);
    return isTaken || responseKey.startsWith(MOVED) ? MOVED + responseKey : responseKey;
  };
}

/** A step of a place in what came back, under the client's own key. */
export const clientStep = (step: string | number): string | number =>
  typeof step === 'string' && step.startsWith(MOVED) ? step.slice(MOVED.length) : step;

/** Whether a field of a document travels under another key than its own. Few do. */
export function movesKeys(document: DocumentNode, sentKey: SentKey): boolean {
  return withSentKeys(document, sentKey) !== document;
}

/** Gives the fields of a document the keys under which they travel. */
export function withSentKeys(document: DocumentNode, sentKey: SentKey): DocumentNode {
  return visit(document, {
    Field: (node) => {
      const key = node.alias?.value ?? node.name.value;
      const sent = sentKey(key, node.name.value);
      return sent === key ? undefined : { ...node, alias: { kind: Kind.NAME, value: sent } };
    },
  });
}
