const NAME = /^[_A-Za-z][_0-9A-Za-z]{0,63}$/;
// A name is chosen by the client; a number in it may be somebody's.
const LONG_NUMBER = /\d{5}/;

/** What may be kept of an operation's name: the name when it is one and holds no long number, `unnamed` without one, else `other`. */
export function operationLabel(name: string | null | undefined): string {
  if (name === null || name === undefined || name === '') return 'unnamed';
  return NAME.test(name) && !LONG_NUMBER.test(name) ? name : 'other';
}

/** Keeps the number of different values of a label bounded: the first ones keep their names, later ones are `other`. */
export class Labels {
  readonly #known = new Set<string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#limit) return 'other';
    this.#known.add(value);
    return value;
  }
}
