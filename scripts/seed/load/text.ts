/** COPY's text format, written by hand: a field for each column, tabs between them, a line for each row. See "COPY" in PostgreSQL's manual. */

/** How a null is written. */
export const NULL = '\\N';

const special = /[\\\t\n\r]/;

/** A text of any content, or null. */
export function text(value: string | null): string {
  if (value === null) return NULL;
  return special.test(value) ? escaped(value) : value;
}

/** A text that holds no backslash, tab or line end because of what it is (a code, a day, an id), or null. */
export const code = (value: string | null): string => value ?? NULL;

/** A moment at the beginning of an ISO day, in UTC whatever the session's zone is. */
export const startOf = (day: string): string => `${day}T00:00:00Z`;

/** An array of ids or codes: elements that need no quotes. */
export const codes = (values: readonly string[]): string => (values.length === 0 ? '{}' : `{${values.join(',')}}`);

/** An array of texts of any content. */
export const texts = (values: readonly string[]): string => (values.length === 0 ? '{}' : text(`{${values.map(element).join(',')}}`));

/** Bytes, given in hexadecimal. */
export const bytes = (hex: string): string => `\\\\x${hex}`;

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (value: string): string => value.replace(/[\\\t\n\r]/g, (character) => escapes[character] as string);

const plain = /^[\w+@.:-]+$/;
const element = (value: string): string =>
  plain.test(value) && value.toUpperCase() !== 'NULL' ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`;
