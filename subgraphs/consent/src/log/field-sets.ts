import { hash } from 'node:crypto';
import { Bounded } from '@commonweal/kit';
import { ACCESS_CLASSES, type Catalog } from '@commonweal/schema';

/** A set of fields as it is kept: under the hash of its coordinates, with their access classes. Bytes as PostgreSQL's hexadecimal text. */
export interface FieldSet {
  readonly id: string;
  readonly coordinates: readonly string[];
  readonly categories: readonly string[];
}

/** Hash under which a set of coordinates is kept, hexadecimal. */
export const fieldSetHash = (coordinates: readonly string[]): string => hash('sha256', [...new Set(coordinates)].sort().join('\n'));

/** Sets remembered as stored. */
const MOST = 5000;

/** Turns lists of coordinates into sets that are stored once, and remembers which are stored. */
export class FieldSets {
  readonly #catalog: Catalog;
  readonly #stored = new Set<string>();
  /** Sets that were made, by their coordinates in the order they came in. */
  readonly #made = new Bounded<string, FieldSet>(MOST);

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** The set of some coordinates; null for none. Public facts count as no category. */
  of(coordinates: readonly string[]): FieldSet | null {
    if (coordinates.length === 0) return null;
    return this.#made.getOrMake(coordinates.join('\n'), () => this.#make(coordinates));
  }

  #make(coordinates: readonly string[]): FieldSet {
    const sorted = [...new Set(coordinates)].sort();
    const classes = new Set(sorted.map((c) => this.#catalog.fields.get(c)?.accessClass));
    return { id: fieldSetHash(sorted), coordinates: sorted, categories: ACCESS_CLASSES.filter((c) => c !== 'OPEN' && classes.has(c)) };
  }

  /** Those of some sets that are not known to be stored, each once; in one order everywhere, or of two who store the same sets each could wait for the other. */
  missing(sets: readonly (FieldSet | null)[]): FieldSet[] {
    const found = new Map(sets.flatMap((s) => (s && !this.#stored.has(s.id) ? [[s.id, s] as const] : [])));
    return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Notes that sets are stored, after the commit. */
  stored(sets: readonly FieldSet[]): void {
    if (this.#stored.size > MOST) this.#stored.clear();
    for (const s of sets) this.#stored.add(s.id);
  }
}
