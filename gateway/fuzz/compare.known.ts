import { isNonNullType, isObjectType } from 'graphql';
import type { SubgraphCall } from '../src/execute/types.ts';
import { type Catalog, fieldFacts } from './catalog.ts';
import type { Fault } from './faults.ts';
import type { Path } from './gateways.ts';
import { withoutName } from './harness.ts';
import type { Visit } from './monolith.ts';
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

/**
 * Whether the first representations in which stock differs from ours have null in the place of each list of objects in a list, which stock takes for an object.
 * What comes later may follow from that.
 */
export function hasLostLists(stock: Heard, ours: Heard): boolean {
  const [theirs, own] = firstDifferent(stock, ours) ?? [];
  return own !== undefined && canonical(theirs) === canonical(sorted(own.map(withoutInnerLists)));
}

/**
 * Whether the first representations in which stock differs from ours have null where ours have a value, and only under names of fields at fault, or around them:
 * another subgraph gave the value, and stock let the null of a later answer take its place. What comes later may follow from that.
 */
export function sendsNull({ faults, stock, ours }: Compared): boolean {
  const [theirs, own] = firstDifferent(stock, ours) ?? [];
  if (!theirs || theirs.length !== own?.length) return false;
  const atFault = faults.flatMap((f) => ('field' in f && f.kind !== 'beside' ? [f.field] : []));
  // A null that must not be makes one of what is around it.
  const around = ours.answer.errors.flatMap((e) => (e.message.startsWith('fault:') ? (e.path ?? []) : []));
  const fields = new Set([...atFault, ...around.map(String)]);
  return theirs.every((sent) =>
    own.some((one) => isWithNulls(sent, one) && placesOfNull(sent, one).every((place) => place.some((step) => fields.has(String(step))))),
  );
}

/** Representations of stock and of ours in the first call that both make and that differs. */
function firstDifferent(stock: Heard, ours: Heard): readonly [readonly unknown[], readonly unknown[]] | undefined {
  const by = (call: SubgraphCall) => `${call.subgraph} ${withoutName(call.query)}`;
  for (const [i, call] of ours.calls.entries()) {
    // The same may be asked at several places: the first with the first, the second with the second.
    const turn = ours.calls.slice(0, i).filter((c) => by(c) === by(call)).length;
    const other = stock.calls.filter((c) => by(c) === by(call))[turn];
    const pair = [sorted(other?.variables.representations), sorted(call.variables.representations)] as const;
    if (canonical(pair[0]) !== canonical(pair[1])) return pair;
  }
  return undefined;
}

/** Representations as a set, each with its keys in order. */
function sorted(representations: unknown): readonly unknown[] {
  const texts = withoutKeys(representations, () => false) as readonly string[] | null;
  return (texts ?? []).map((text) => JSON.parse(text) as unknown);
}

/** A value with null in the place of lists in lists, but for lists of leaves. */
function withoutInnerLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((v) => (Array.isArray(v) && isOfObjects(v) ? null : withoutInnerLists(v)));
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutInnerLists(inner)])) : value;
}

/** An empty list, and one of nulls, may be of anything. */
const isOfObjects = (list: readonly unknown[]): boolean => list.flat(9).every((v) => v === null || isPlain(v));

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
export const losesToNull = (compared: Compared): boolean => {
  const { catalog, faults, stock, ours } = compared;
  if (!isWithNulls(stock.answer.data, ours.answer.data)) return false;
  // A null that must not be makes one of what is around it, which may be shared.
  const isShared = () => placesOfNull(stock.answer.data, ours.answer.data).every((place) => isSharedPlace(compared, place));
  return faults.some((f) => isSharedNull(catalog, f)) || (faults.some((f) => 'field' in f && f.kind !== 'beside') && isShared());
};

/**
 * Whether stock lost what one subgraph gave of objects in lists in a list, as another one gives the list too and came last: it puts such lists in the place of
 * each other, and has only what it asked for again.
 */
export function losesInnerLists(compared: Compared): boolean {
  const { stock, ours } = compared;
  if (!isWithNulls(stock.answer.data, ours.answer.data)) return false;
  const places = placesOfNull(stock.answer.data, ours.answer.data);
  const isInner = (place: Path, i: number) => typeof place[i] === 'number' && typeof place[i + 1] === 'number';
  return (
    places.length > 0 && places.every((place) => place.some((_, i) => isInner(place, i) && isSharedPlace(compared, place.slice(0, i + 1))))
  );
}

/** Whether several subgraphs resolve the field at a place. */
function isSharedPlace({ catalog, truth }: Compared, place: Path): boolean {
  const at = JSON.stringify(place.slice(0, place.findLastIndex((step) => typeof step === 'string') + 1));
  const visit = truth.visits.find((v) => JSON.stringify(v.path) === at);
  return visit !== undefined && fieldFacts(catalog, visit.type, visit.field).subgraphs.length > 1;
}

/**
 * Whether stock has null in the place of objects of which it should tell the type, or around them, and has only answers of subgraphs that were not asked for it:
 * then it takes the object for none, also where it can be of one type only.
 */
export function hasNamelessNull({ schema, stock, ours }: Compared): boolean {
  const isTyped = (value: unknown): boolean =>
    value !== null &&
    typeof value === 'object' &&
    Object.values(value).some((inner) => (typeof inner === 'string' ? isObjectType(schema.getType(inner)) : isTyped(inner)));
  if (ours.answer.errors.length === 0 || !isWithNulls(stock.answer.data, ours.answer.data)) return false;
  const places = placesOfNull(stock.answer.data, ours.answer.data);
  const valueAt = (place: Path) =>
    place.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], ours.answer.data);
  return places.length > 0 && places.every((place) => isTyped(valueAt(place)));
}

/** Whether stock has null where ours has the leaf that one subgraph gave, as another one gave an object or a list for it and came last. */
export const takesOddValue = ({ faults, truth, stock, ours }: Compared): boolean =>
  stock.answer.completion.some(({ path }) => {
    const visit = path && truth.visits.find((v) => JSON.stringify(v.path) === JSON.stringify(path));
    const isAtFault = faults.some(
      (f) => f.kind === 'value' && typeof f.value === 'object' && f.field === visit?.field && f.type === visit.type && f.id === visit.id,
    );
    return path !== undefined && isAtFault && !hasNullAt(ours, path);
  });

/** Whether an answer has null at a place or around it. */
export function hasNullAt({ answer }: Heard, path: Path): boolean {
  let value: unknown = answer.data;
  for (const step of path) {
    if (value === null || typeof value !== 'object') break;
    value = (value as Record<string | number, unknown>)[step];
  }
  return (value ?? null) === null;
}

/** Whether stock gives out a key of an object under an alias of the client that is called like it, where ours has null: what was asked for under it was not to be had. */
export function givesKeyOut({ catalog, truth, stock, ours }: Compared): boolean {
  const places = placesOfNull(ours.answer.data, stock.answer.data);
  if (places.length === 0 || !isWithNulls(ours.answer.data, stock.answer.data)) return false;
  const taken = truth.visits.filter((v) => v.path.at(-1) !== v.field && catalog.fields.get(`${v.type}.${String(v.path.at(-1))}`)?.isKey);
  // Where null must not be, ours has it around the place, and says so.
  return places.every((place) =>
    taken.some(({ path }) => place.every((step, i) => path[i] === step) && (path.length === place.length || isCovered(ours.answer, place))),
  );
}

/** Whether ours has null, and says why, where stock has an object of which it does not know what it is. */
export function hasUntypedObject({ catalog, stock, ours }: Compared): boolean {
  if (!catalog.subgraphs.values().some((s) => s.interfaceObjects.size > 0)) return false;
  if (!isWithNulls(ours.answer.data, stock.answer.data)) return false;
  return placesOfNull(ours.answer.data, stock.answer.data).every((place) => isCovered(ours.answer, place));
}

/** Whether stock has null in a field of an object whose type forbids it, as the interface by which it was asked for allows it; ours has null further up, and says so. */
export function hasNullByInterface({ schema, truth, stock, ours }: Compared): boolean {
  const places = placesOfNull(ours.answer.data, stock.answer.data);
  if (places.length === 0 || !isWithNulls(ours.answer.data, stock.answer.data)) return false;
  const isForbidden = ({ type, field }: Visit) => {
    const object = schema.getType(type);
    return isObjectType(object) && isNonNullType(object.getFields()[field]?.type);
  };
  const broken = truth.visits.filter((v) => isForbidden(v) && hasNullAt(stock, v.path));
  return places.every((place) => isCovered(ours.answer, place) && broken.some(({ path }) => place.every((step, i) => path[i] === step)));
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
