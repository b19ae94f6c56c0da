import { type Catalog, fieldFacts } from './catalog.ts';
import type { Fault } from './faults.ts';
import type { Path } from './gateways.ts';
import { isCovered } from './nulls.ts';
import { canonical } from './random.ts';
import type { Compared, Heard } from './verdict.ts';

/** Whether stock sent the same representations as ours, but for nulls: it gives a key back its name only where there is a value. */
export function hasLostNull(stock: Heard, ours: Heard): boolean {
  const sent = (heard: Heard, isDropped: (value: unknown) => boolean) =>
    new Set(heard.calls.map((c) => canonical(withoutKeys(c.variables.representations, isDropped))));
  const [all, rest] = [() => false, (value: unknown) => value === null];
  return !areEqual(sent(stock, all), sent(ours, all)) && areEqual(sent(stock, rest), sent(ours, rest));
}

/** Representations as a set, without the keys whose value is one of these. */
function withoutKeys(value: unknown, isDropped: (value: unknown) => boolean): unknown {
  if (!Array.isArray(value)) return null;
  const texts = value.map((v) => JSON.stringify(v, (_key, inner: unknown) => (isPlain(inner) ? kept(inner, isDropped) : inner)));
  return [...new Set(texts)].sort();
}

const isPlain = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value);

const kept = (value: Record<string, unknown>, isDropped: (value: unknown) => boolean) =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => !isDropped(inner))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const areEqual = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((text) => b.has(text));

/** Whether stock lost an object because another subgraph, whose answer came last, has null there. */
export const losesToNull = ({ catalog, faults, stock, ours }: Compared): boolean =>
  faults.some((f) => isSharedNull(catalog, f)) && isWithNulls(stock.answer.data, ours.answer.data);

/** Whether ours has null, and says why, where stock has an object of which it does not know what it is. */
export function hasUntypedObject({ catalog, stock, ours }: Compared): boolean {
  if (!catalog.subgraphs.values().some((s) => s.interfaceObjects.size > 0)) return false;
  if (!isWithNulls(ours.answer.data, stock.answer.data)) return false;
  return placesOfNull(ours.answer.data, stock.answer.data).every((place) => isCovered(ours.answer, place));
}

/** Null, as one of several subgraphs gives it that resolve the field. */
const isSharedNull = (catalog: Catalog, fault: Fault): boolean =>
  'field' in fault && fault.kind !== 'beside' && fieldFacts(catalog, fault.type, fault.field).subgraphs.length > 1;

/** Whether data is the same as other data, but for nulls in the place of some of its values. */
function isWithNulls(data: unknown, of: unknown): boolean {
  if (data === null) return true;
  if (typeof data !== 'object' || typeof of !== 'object' || of === null) return data === of;
  const keys = Object.keys(data);
  if (keys.join() !== Object.keys(of).join()) return false;
  return keys.every((key) => isWithNulls((data as Record<string, unknown>)[key], (of as Record<string, unknown>)[key]));
}

/** Places where data has null and other data has none. */
function placesOfNull(data: unknown, of: unknown, path: Path = []): Path[] {
  if (data === null) return of === null ? [] : [path];
  if (typeof data !== 'object' || of === null || typeof of !== 'object') return [];
  return Object.entries(data as object).flatMap(([key, value]) =>
    placesOfNull(value, (of as Record<string, unknown>)[key], [...path, Array.isArray(data) ? Number(key) : key]),
  );
}
