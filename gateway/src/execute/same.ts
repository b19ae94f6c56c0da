import { type Data, type Key, read } from './own.ts';

/** The leaves that two objects must have in common to be the same: one to look them up by, and the others. */
export interface SameBy {
  readonly lead: Key;
  readonly others: readonly Key[];
}

/** The object, of those known by the value of their leading key, that is the same as another one. */
export function firstSame({ lead, others }: SameBy, known: ReadonlyMap<unknown, Data>, object: Data): Data | undefined {
  const value = read(object, lead);
  const first = value === undefined ? undefined : known.get(value);
  if (!first || first === object) return first;
  for (const key of others) if (read(first, key) !== read(object, key)) return undefined;
  return first;
}
