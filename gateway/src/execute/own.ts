/** An object of an answer. */
export type Data = Record<string, unknown>;

/** A key to read by. Keys that JavaScript lends to every object (`constructor`, `toString`) are read from the object itself only. */
export interface Key {
  readonly name: string;
  readonly lent: boolean;
}

/** Decides once how a key is read. */
export const keyOf = (name: string): Key => ({ name, lent: name in Object.prototype });

/** The value that the object itself has under a key. */
export const read = (object: Data, key: Key): unknown => (key.lent && !Object.hasOwn(object, key.name) ? undefined : object[key.name]);

/** Whether a value of an answer is an object and no list. */
export const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
