import type { FetchReport } from '@commonweal/schema';

/** Collects what one fetch gave, for the audit record. */
export class Report {
  readonly #persons = new Set<string>();
  readonly #fields = new Set<string>();
  readonly #searched = new Set<string>();
  #rows = 0;

  /** Rows that were given: the persons they are about and the coordinates that were selected. */
  gave(persons: Iterable<string>, coordinates: Iterable<string>, rows: number): void {
    for (const p of persons) this.#persons.add(p);
    for (const c of coordinates) this.#fields.add(c);
    this.#rows += rows;
  }

  /** An identifier that was searched for, as its keyed hash. */
  searchedFor(hash: Buffer): void {
    this.#searched.add(hash.toString('base64url'));
  }

  toJson(subgraph: string, statements: number): FetchReport {
    return {
      subgraph,
      persons: [...this.#persons],
      fields: [...this.#fields].sort(),
      rows: this.#rows,
      withheld: {},
      searched: [...this.#searched],
      statements,
    };
  }
}
