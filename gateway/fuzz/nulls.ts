import type { Catalog } from './catalog.ts';
import type { Answer, Path } from './gateways.ts';
import type { Truth } from './monolith.ts';

/** A place that has a value in truth and null in an answer, and no error says why; null when there is none. */
export function unexplained(catalog: Catalog, truth: Truth, answer: Answer): Path | null {
  // What a subgraph computes from values that it was given differs when those were at fault.
  const computed = new Set(
    truth.visits.filter((v) => catalog.fields.get(`${v.type}.${v.field}`)?.requires !== undefined).map((v) => JSON.stringify(v.path)),
  );
  const errors = answer.errors.map((e) => e.path);
  if (errors.includes(undefined)) return null;
  // An error within the same object explains it too: a null that must not be takes all of the object with it, as far as one subgraph gave it.
  const isExplained = (path: Path) => errors.some((e) => e && (isPrefix(e, path) || isPrefix(parentOf(path), e)));
  const search = (right: unknown, found: unknown, path: Path): Path | null => {
    if (right === null || computed.has(JSON.stringify(path))) return null;
    if (found === null) return isExplained(path) ? null : path;
    if (typeof right !== 'object' || typeof found !== 'object') return null;
    for (const [key, value] of Object.entries(right as object)) {
      if (!Object.hasOwn(found as object, key)) continue;
      const hole = search(value, (found as Record<string, unknown>)[key], [...path, Array.isArray(right) ? Number(key) : key]);
      if (hole) return hole;
    }
    return null;
  };
  return answer.data === undefined ? null : search(truth.data, answer.data, []);
}

const isPrefix = (short: Path, long: Path): boolean => short.every((step, i) => i < long.length && long[i] === step);

/** The place of the object that a place belongs to. */
function parentOf(path: Path): Path {
  const field = path.findLastIndex((step) => typeof step === 'string');
  return path.slice(0, Math.max(0, field));
}

/** Whether an error tells of a null: at its place, above it, or within the value that became null with it. Of several errors that made one value null, one is enough. */
export function isCovered(answer: Answer, path: Path): boolean {
  let value: unknown = answer.data;
  let depth = 0;
  while (depth < path.length && value !== null && value !== undefined)
    value = (value as Record<string | number, unknown>)[path[depth++] as string];
  const gone = path.slice(0, depth);
  return answer.errors.some((e) => !e.path || gone.every((step, i) => i >= (e.path as Path).length || (e.path as Path)[i] === step));
}
