import type { GraphQLSchema } from 'graphql';
import type { SubgraphCall } from '../src/execute/types.ts';
import type { Operation } from './ask/operation.ts';
import { type Catalog, fieldFacts } from './catalog.ts';
import { misshapen } from './conform.ts';
import type { Fault } from './faults.ts';
import type { Answer, Path } from './gateways.ts';
import { withoutName } from './harness.ts';
import type { Truth } from './monolith.ts';
import { unexplained } from './nulls.ts';
import { canonical } from './random.ts';

/** An answer, and what its gateway asked subgraphs that none should be asked. */
export interface Heard {
  readonly answer: Answer;
  readonly objections: readonly string[];
  /** Root fields of mutations, in the order in which subgraphs were asked for them. */
  readonly mutations: readonly string[];
  readonly calls: readonly SubgraphCall[];
}

/** What two gateways and the truth are compared by. */
export interface Compared {
  readonly schema: GraphQLSchema;
  readonly catalog: Catalog;
  readonly operation: Operation;
  readonly faults: readonly Fault[];
  readonly truth: Truth;
  readonly stock: Heard;
  readonly ours: Heard;
}

/**
 * `same`: nothing to say. `different`: ours is wrong, or it differs from stock and nobody knows why. `stock`: stock is wrong and ours is right. `both`: the
 * truth is otherwise than both. `none`: neither can plan it, and both say so. `plan`: they asked subgraphs for different things, so that a fault hits them
 * differently, and ours is sound by itself. `limit`: ours refuses to plan what stock plans, by a limit of its own. The class names what is wrong, without the names of one case.
 */
export interface Verdict {
  readonly kind: 'same' | 'different' | 'stock' | 'both' | 'none' | 'limit' | 'plan';
  readonly class: string;
  readonly detail?: string;
}

const SAME: Verdict = { kind: 'same', class: '' };

/** Judges the answers to one operation. */
export function judge(compared: Compared): Verdict {
  return compared.faults.length === 0 ? judgeCalm(compared) : judgeFaulty(compared);
}

/** Without faults there is one right answer. */
function judgeCalm({ operation, truth, stock, ours }: Compared): Verdict {
  const right = JSON.stringify(truth.data);
  const stockWrong = wrongness(stock, right, truth, operation);
  const oursWrong = wrongness(ours, right, truth, operation);
  if (!oursWrong) return stockWrong ? { kind: 'stock', class: stockWrong } : SAME;
  if (isUnplanned(ours.answer)) {
    const message = ours.answer.errors[0]?.message ?? '';
    if (message.startsWith('There are too many ways')) return { kind: 'limit', class: general(message) };
    // The planner's mistake is there, whether or not these data bring it to light.
    if (stockWrong || message.endsWith('without what it requires.')) return { kind: 'none', class: general(message) };
    return { kind: 'different', class: 'ours has no plan', detail: ours.answer.errors[0]?.message };
  }
  const isAlike = stockWrong === oursWrong || JSON.stringify(stock.answer.data) === JSON.stringify(ours.answer.data);
  if (stockWrong && isAlike) return { kind: 'both', class: oursWrong };
  return { kind: 'different', class: `ours: ${oursWrong}`, detail: stockWrong ? `stock: ${stockWrong}` : 'stock is right' };
}

/** What is wrong with an answer where nothing went wrong in the subgraphs; null when nothing is. */
function wrongness(heard: Heard, right: string, truth: Truth, operation: Operation): string | null {
  const { answer, objections } = heard;
  if (objections[0] !== undefined) return `question: ${general(objections[0])}`;
  if (answer.errors[0]) return `error: ${general(answer.errors[0].message)}`;
  if (answer.completion.length > 0) return 'null where none may be';
  const data = JSON.stringify(answer.data);
  if (data !== right) return sameButOrder(answer.data, truth.data) ? 'order of keys' : 'data';
  const fields = truth.visits.filter((v) => v.path.length === 1).map((v) => v.field);
  if (/^mutation/.test(operation.text) && heard.mutations.join() !== fields.join()) return 'order of mutations';
  return null;
}

const isUnplanned = (answer: Answer) => answer.data === undefined && answer.errors.some((e) => e.extensions?.code === 'PLANNING_FAILED');

/** A message without what belongs to one case. */
const general = (message: string): string =>
  message
    .replaceAll(/: (query|mutation|\{|undefined)[\s\S]*$/g, '')
    .replaceAll(/"[^"]*"/g, '…')
    .replaceAll(/\b[A-Z]\w*\(\w\)/g, '…')
    .replaceAll(/\b[A-Z]\w+\.\w+/g, '…')
    .replaceAll(/^[a-d] was/g, 'a subgraph was')
    .slice(0, 160);

function sameButOrder(a: unknown, b: unknown): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && sameButOrder((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

const bad = (name: string, detail?: string): Verdict => ({ kind: 'different', class: name, ...(detail === undefined ? {} : { detail }) });

/** Faults that stock answers in a way of its own: it gives up everything, or reads values as no other server does. */
export const isOdd = (fault: Fault): boolean => fault.kind === 'typename' || (fault.kind === 'value' && fault.isOdd === true);

function judgeFaulty(compared: Compared): Verdict {
  const { schema, catalog, operation, faults, truth, stock, ours } = compared;
  const { answer } = ours;
  if (answer.data === undefined) return bad('ours has no data', answer.errors[0]?.message);
  if (answer.errors.some((e) => e.message === 'The operation failed.')) return bad('ours failed');
  const refused = ours.objections[0];
  if (refused !== undefined && stock.objections.length === 0) return bad(`ours: question: ${general(refused)}`, refused);
  const shape = misshapen(schema, operation, answer.data);
  if (shape) return bad('ours has the wrong shape', shape);
  if (!faults.some(isQuiet)) {
    const hole = unexplained(catalog, truth, answer);
    if (hole) return bad('ours lost data without an error', JSON.stringify(hole));
  }
  const verdict = judgeBeside(compared);
  return verdict.kind === 'different' && isOtherPlan(stock, ours) ? { kind: 'plan', class: verdict.class } : verdict;
}

/** Whether ours asked for something that stock did not: by another way, or under other aliases. */
function isOtherPlan(stock: Heard, ours: Heard): boolean {
  const textOf = ({ subgraph, query }: SubgraphCall) => `${subgraph} ${withoutName(query)}`;
  const known = new Set(stock.calls.map(textOf));
  return ours.calls.some((call) => !known.has(textOf(call)));
}

/** Under faults the truth is not known: what stock tells must be told by ours too. */
function judgeBeside({ schema, catalog, operation, faults, truth, stock, ours }: Compared): Verdict {
  const { answer } = ours;
  const messages = new Set(answer.errors.map((e) => e.message));
  const lost = stock.answer.errors.find(
    (e) => e.message.startsWith('fault:') && !messages.has(e.message) && !isUnanswered(faults, e.message),
  );
  if (lost) return bad('ours lost an error', `${lost.message} at ${JSON.stringify(lost.path)}`);
  if (stock.answer.errors.length > 0 && answer.errors.length === 0 && !faults.some(isOdd))
    return bad('ours has no error', stock.answer.errors[0]?.message);
  const places = new Set(answer.errors.map((e) => `${e.message} ${JSON.stringify(e.path)}`));
  for (const error of stock.answer.errors) {
    if (!error.message.startsWith('fault:') || !error.path || places.has(`${error.message} ${JSON.stringify(error.path)}`)) continue;
    if (isVisited(truth, error.message, error.path))
      return bad('ours lost the place of an error', `${error.message} at ${JSON.stringify(error.path)}`);
  }
  const silent = stock.answer.completion.find((e) => e.path && !isCovered(answer, e.path));
  if (silent && !faults.some(isOdd)) return bad('ours has null without an error', JSON.stringify(silent.path));
  if (faults.some(isOdd)) return SAME;
  const data = JSON.stringify(answer.data);
  if (data === JSON.stringify(stock.answer.data)) return SAME;
  if (forgetsNull(stock, ours))
    return { kind: 'stock', class: 'with a fault: a required null is left out, because the field has an alias' };
  if (stock.answer.data === undefined) return { kind: 'stock', class: `no data: ${general(stock.answer.errors[0]?.message ?? '')}` };
  const wrong = misshapen(schema, operation, stock.answer.data);
  if (wrong) return { kind: 'stock', class: 'with a fault: wrong shape' };
  if (faults.some((f) => isSharedNull(catalog, f)) && isWithNulls(stock.answer.data, answer.data)) {
    return { kind: 'stock', class: 'with a fault: null of one subgraph takes the place of the object of another, if it comes last' };
  }
  const hasInterfaceObjects = catalog.subgraphs.values().some((s) => s.interfaceObjects.size > 0);
  if (
    hasInterfaceObjects &&
    isWithNulls(answer.data, stock.answer.data) &&
    placesOfNull(answer.data, stock.answer.data).every((p) => isCovered(answer, p))
  ) {
    return { kind: 'stock', class: 'with a fault: an object of which only the interface is known has no fields and is not null' };
  }
  return bad('data under a fault', general(answer.errors.find((e) => !e.message.startsWith('fault:'))?.message ?? ''));
}

/** Faults that may take data away without a word. */
const isQuiet = (fault: Fault): boolean => ['null', 'gone', 'silent', 'value', 'typename'].includes(fault.kind);

/** A subgraph that gave no answer: everybody has words of their own for it. */
const isUnanswered = (faults: readonly Fault[], message: string): boolean =>
  faults.some((f) => f.kind === 'down' && message === `fault: ${f.subgraph}`);

/** Whether the truth has the field that an error is about at the place of the error: stock counts entities that it never asked for, and errs in the place. */
function isVisited(truth: Truth, message: string, path: Path): boolean {
  const [, , type, id, field] = message.split(' ');
  const at = JSON.stringify(path);
  if (field === undefined) return false;
  return truth.visits.some((v) => v.type === type && v.id === id && v.field === field && JSON.stringify(v.path) === at);
}

/** Whether an error tells of a null: at its place, above it, or within the value that became null with it. Of several errors that made one value null, one is enough. */
function isCovered(answer: Answer, path: Path): boolean {
  let value: unknown = answer.data;
  let depth = 0;
  while (depth < path.length && value !== null && value !== undefined)
    value = (value as Record<string | number, unknown>)[path[depth++] as string];
  const gone = path.slice(0, depth);
  return answer.errors.some((e) => !e.path || gone.every((step, i) => i >= (e.path as Path).length || (e.path as Path)[i] === step));
}

/** Whether stock sent the same representations as ours, but for nulls: it gives a key back its name only where there is a value. */
function forgetsNull(stock: Heard, ours: Heard): boolean {
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
