import type { Path } from './collect.ts';
import { type Data, keyOf, read } from './own.ts';
import type { Running } from './running.ts';

/** A call that is ready to be sent, and what becomes of its answer. */
export interface Asked {
  readonly variables: Data;
  /**
   * Merges what came back. Gives what is wrong with it, or null. `isShared`: somebody else holds it too; `hasErrors`: the subgraph has told why something is
   * missing.
   */
  merge(data: Data, isShared: boolean, hasErrors: boolean): string | null;
  /** Where in the answer an error belongs: in several places, if what it is about stands in several. Empty when its path does not tell. */
  locate(path: Path): readonly Path[];
}

/** Prepares a call; null when there is nothing to ask for. */
export type Ask = (running: Running) => Asked | null;

/** Compiles how the variables that a text uses are taken out of those of the operation. */
export function compileVariables(names: readonly string[]): (all: Readonly<Data>) => Data {
  const keys = names.map(keyOf);
  return (all) => {
    const used: Data = {};
    for (const key of keys) {
      const value = read(all, key);
      if (value !== undefined) used[key.name] = value;
    }
    return used;
  };
}
