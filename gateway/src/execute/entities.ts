import { type Data, type Key, read } from './own.ts';
import type { Representing } from './represent.ts';

/** Values of keys, each a branch of the next; at the end the number of the representation. */
type Branch = Map<unknown, Branch | number>;

/** Objects of one fetch and their representations: identical ones are there once. Made for one request. */
export class Entities {
  readonly representations: Data[] = [];
  /** For each representation, the object that it was made of first. */
  readonly first: Data[] = [];
  /** Other objects with the same representation, and which. */
  readonly other: Data[] = [];
  readonly otherOf: number[] = [];
  readonly #how: Representing;
  #byType: Map<string, Branch> | null = null;
  #byText: Map<string, number> | null = null;

  constructor(how: Representing, objects: readonly Data[]) {
    this.#how = how;
    for (const object of objects) this.#take(object);
  }

  /** The objects that a representation was made of. One that was put in the place of others stands for them. */
  objectsOf(index: number): Data[] {
    const first = this.first[index];
    if (!first) return [];
    return [...new Set([first, ...this.other.filter((_, i) => this.otherOf[i] === index)])];
  }

  #take(object: Data): void {
    const type = object.__typename;
    if (typeof type !== 'string') return;
    const keys = this.#how.keysOf(type);
    if (!keys || !this.#takeByKeys(object, type, keys)) this.#takeByText(object);
  }

  #takeByKeys(object: Data, type: string, keys: readonly Key[]): boolean {
    for (const key of keys) {
      const value = read(object, key);
      if (value === undefined || (typeof value === 'object' && value !== null)) return false;
    }
    // Most fetches are for one object: an index is worth its while from the second one on.
    if (this.representations.length === 0) {
      this.#add(object, type, keys);
      return true;
    }
    if (!this.#byType) {
      this.#byType = new Map();
      for (let i = 0; i < this.first.length; i += 1) this.#remember(i);
    }
    const index = this.#find(object, type, keys);
    if (index === -1) this.#remember(this.#add(object, type, keys));
    else if (this.first[index] !== object) this.#more(object, index);
    return true;
  }

  #takeByText(object: Data): void {
    const made = this.#how.represent(object);
    if (!made) return;
    const text = JSON.stringify(made);
    this.#byText ??= new Map();
    const index = this.#byText.get(text);
    if (index === undefined) {
      this.#byText.set(text, this.representations.push(made) - 1);
      this.first.push(object);
    } else if (this.first[index] !== object) this.#more(object, index);
  }

  #more(object: Data, index: number): void {
    this.other.push(object);
    this.otherOf.push(index);
  }

  #add(object: Data, type: string, keys: readonly Key[]): number {
    const made: Data = { __typename: type };
    for (const key of keys) made[key.name] = object[key.name];
    this.first.push(object);
    return this.representations.push(made) - 1;
  }

  #find(object: Data, type: string, keys: readonly Key[]): number {
    let found: Branch | number | undefined = this.#byType?.get(type);
    if (!found) return -1;
    if (keys.length === 0) return (found.get(undefined) as number | undefined) ?? -1;
    for (const key of keys) {
      found = (found as Branch).get(object[key.name]);
      if (found === undefined) return -1;
    }
    return found as number;
  }

  /** Makes a representation findable by the values of its keys. Those that took more than leaves are found by their text. */
  #remember(index: number): void {
    const made = this.representations[index] as Data;
    const type = made.__typename as string;
    const keys = this.#how.keysOf(type);
    const byType = this.#byType;
    if (!keys || !byType) return;
    let branch = byType.get(type);
    if (!branch) {
      branch = new Map();
      byType.set(type, branch);
    }
    const last = keys.length - 1;
    if (last < 0) branch.set(undefined, index);
    for (let i = 0; i < last; i += 1) {
      const value = made[(keys[i] as Key).name];
      let next = branch.get(value) as Branch | undefined;
      if (!next) {
        next = new Map();
        branch.set(value, next);
      }
      branch = next;
    }
    if (last >= 0) branch.set(made[(keys[last] as Key).name], index);
  }
}
