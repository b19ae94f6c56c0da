import { hash } from 'node:crypto';

/** An operation that one consumer may run by its id for one purpose, and for those below it. */
export interface RegisteredOperation {
  /** `sha256:` and the SHA-256 of the text, 64 hexadecimal digits in lower case: the id of the GraphQL-over-HTTP proposal for persisted documents. */
  readonly id: string;
  readonly consumer: string;
  readonly purpose: string;
  readonly name: string;
  readonly text: string;
}

/** One state of all operations that are registered and not retired. */
export interface RegisteredOperations {
  /** Rises by one with each registration and each retirement. */
  readonly epoch: number;
  readonly operations: readonly RegisteredOperation[];
}

/** The id of a text. */
export const documentIdOf = (text: string): string => `sha256:${hash('sha256', text)}`;

/** Whether a text has the form of an id. */
export const isDocumentId = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);

/** The hash in an id, hexadecimal. */
export const hashIn = (id: string): string => id.slice('sha256:'.length);
