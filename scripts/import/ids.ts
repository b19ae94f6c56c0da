import { createHash } from 'node:crypto';

/**
 * Id of what a source system calls by a key: the same in every run, so that a second import finds the rows of the first. A uuid of version 8
 * from SHA-256; nothing in it can be turned back into the key.
 */
export function importedId(source: string, kind: string, key: string): string {
  const hex = createHash('sha256').update(`${source}\n${kind}\n${key}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The same kind of id from a text expression, made by PostgreSQL. */
export const sqlId = (text: string): string => {
  const hex = `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
  return `overlay(overlay(left(${hex}, 32) placing '8' from 13) placing 'a' from 17)::uuid`;
};
