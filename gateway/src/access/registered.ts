import {
  hashIn,
  isDocumentId,
  type OperationSource,
  type PolicySnapshot,
  type Principal,
  purposeAndParents,
  type RegisteredOperation,
  type RegisteredOperations,
} from '@commonweal/schema';
import { type DocumentNode, parse } from 'graphql';
import type { Log } from '../reply/log.ts';
import { Watch, type WatchSettings } from './watch.ts';

/** A registered operation, read once. */
export interface KnownOperation {
  readonly text: string;
  readonly document: DocumentNode;
  /** SHA-256 of the text, hexadecimal: what is compiled of it is remembered by this, as for a text that was sent. */
  readonly hash: string;
  /** The same as base64url, for the audit record. */
  readonly auditHash: string;
}

/** The operations that consumers have registered. */
export interface RegisteredBook {
  /** The operation that a caller may run under an id; null when there is none, whoever else may have one. */
  find(principal: Principal, documentId: string): KnownOperation | null;
  /** Whether the book is young enough to run anything of it: what was retired must stop even when that cannot be heard of. */
  isFresh(): Promise<boolean>;
  start(): Promise<void>;
  stop(): void;
}

/** Opens the book over the consent registry's. */
export function registeredBook(source: OperationSource, limits: WatchSettings & { readonly tokens: number }, log: Log): RegisteredBook {
  const watch = new Watch('the registered operations', (epoch) => source.operations(epoch), limits, log);
  let read: RegisteredOperations | null = null;
  let byKey = new Map<string, KnownOperation>();
  let byText = new Map<string, KnownOperation>();

  /** Reads a new state of the book. A text that many consumers registered, or that stood in the last state, is read once. */
  function readBook(state: RegisteredOperations): void {
    const texts = new Map<string, KnownOperation>();
    const keys = new Map<string, KnownOperation>();
    for (const operation of state.operations) {
      const known = texts.get(operation.id) ?? byText.get(operation.id) ?? readOperation(operation, limits.tokens, log);
      if (!known) continue;
      texts.set(operation.id, known);
      keys.set(keyOf(operation.consumer, operation.purpose, operation.id), known);
    }
    [read, byKey, byText] = [state, keys, texts];
  }

  return {
    find(principal, documentId) {
      const now = watch.current();
      if (now === null || !isDocumentId(documentId)) return null;
      if (now !== read) readBook(now);
      for (const purpose of purposeAndParents(principal.purpose)) {
        const found = byKey.get(keyOf(principal.consumer, purpose, documentId));
        if (found) return found;
      }
      return null;
    },
    isFresh: () => watch.isFresh(),
    start: () => watch.start(),
    stop: () => watch.stop(),
  };
}

/** Whether a consumer may run what it writes. Who is not known may not; what is then told of it is the decision's to say. */
export function mayRunAnything(snapshot: PolicySnapshot | null, principal: Principal): boolean {
  if (!snapshot || !Object.hasOwn(snapshot.consumers, principal.consumer)) return true;
  return snapshot.consumers[principal.consumer]?.operations === 'ANY';
}

// No code of a consumer or purpose has a line break in it.
const keyOf = (consumer: string, purpose: string, id: string): string => `${id}\n${purpose}\n${consumer}`;

/** Null for a text that is too long or no GraphQL for this version of the gateway, of which the log tells. */
function readOperation({ id, text }: RegisteredOperation, maxTokens: number, log: Log): KnownOperation | null {
  try {
    const hash = hashIn(id);
    return { text, document: parse(text, { maxTokens }), hash, auditHash: Buffer.from(hash, 'hex').toString('base64url') };
  } catch (error) {
    log.error({ err: error, id }, 'a registered operation cannot be read');
    return null;
  }
}
