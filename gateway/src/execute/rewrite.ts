import type { Rewrite, RewriteStep } from '../plan/steps.ts';
import type { Path } from './collect.ts';
import { type Data, type Key, keyOf, read } from './own.ts';

/** Changes an object in place. `type` is the name of its type, where the object does not say it itself. */
export type Change = (object: Data, type?: unknown) => void;

/** Compiles changes that are made one after another. Null when there are none. */
export function compileRewrites(rewrites: readonly Rewrite[]): Change | null {
  if (rewrites.length === 0) return null;
  const changes = rewrites.map((rewrite) => stepTo(rewrite.path, 0, changeOf(rewrite)));
  return (object, type) => {
    for (const change of changes) change(object, type);
  };
}

function changeOf(rewrite: Rewrite): Change {
  if (rewrite.kind === 'set') {
    const { key, value } = rewrite;
    return (object) => {
      object[key] = value;
    };
  }
  const key = keyOf(rewrite.key);
  const { to } = rewrite;
  return (object) => {
    const value = read(object, key);
    if (value === undefined) return;
    object[to] = value;
    // Undefined and not deleted, which would make the object slow; merging passes it over.
    object[key.name] = undefined;
  };
}

function stepTo(path: readonly RewriteStep[], from: number, change: Change): Change {
  const step = path[from];
  if (!step) return change;
  const next = stepTo(path, from + 1, change);
  if ('key' in step) {
    const key = keyOf(step.key);
    return (object) => each(object, key, next);
  }
  const { types } = step;
  return (object, type) => {
    const name = object.__typename ?? type;
    if (typeof name !== 'string' || types.has(name)) next(object, name);
  };
}

function each(object: Data, key: Key, change: Change): void {
  const value = read(object, key);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) all(value, change);
  else change(value as Data);
}

function all(list: readonly unknown[], change: Change): void {
  for (const value of list) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) all(value, change);
    else change(value as Data);
  }
}

/** Compiles how the path of an error, in what was sent, becomes the path in what is merged. */
export function compileUndo(rewrites: readonly Rewrite[]): (path: Path) => Path {
  const renames = rewrites
    .filter((rewrite) => rewrite.kind === 'rename')
    .map((r) => ({ keys: r.path.flatMap((step) => ('key' in step ? [step.key] : [])), key: r.key, to: r.to }));
  if (renames.length === 0) return (path) => path;
  return (path) => {
    const above: { readonly sent: string; readonly merged: string }[] = [];
    return path.map((sent) => {
      if (typeof sent === 'number') return sent;
      const rename = renames.find(
        (r) => r.key === sent && r.keys.length === above.length && above.every((a, i) => r.keys[i] === a.sent || r.keys[i] === a.merged),
      );
      const merged = rename ? rename.to : sent;
      above.push({ sent, merged });
      return merged;
    });
  };
}
