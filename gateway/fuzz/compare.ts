import type { GraphQLSchema } from 'graphql';
import type { SubgraphCall } from '../src/execute/types.ts';
import type { Operation } from './ask/operation.ts';
import type { Catalog } from './catalog.ts';
import { misshapen } from './conform.ts';
import type { Fault } from './faults.ts';
import type { Answer, Path } from './gateways.ts';
import type { Truth } from './monolith.ts';
import { unexplained } from './nulls.ts';

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
 * truth is otherwise than both. `none`: neither can plan it, and both say so. The class names what is wrong, without the names of one case.
 */
export interface Verdict {
  readonly kind: 'same' | 'different' | 'stock' | 'both' | 'none';
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
    if (stockWrong) return { kind: 'none', class: general(ours.answer.errors[0]?.message ?? '') };
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

const isUnplanned = (answer: Answer) =>
  answer.data === undefined && answer.errors.some((e) => e.message.startsWith('The operation cannot be planned'));

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

/** Faults that stock answers in a way of its own: it gives up everything, or reads values as no other server does. */
export const isOdd = (fault: Fault): boolean => fault.kind === 'typename' || (fault.kind === 'value' && fault.isOdd === true);

function judgeFaulty(compared: Compared): Verdict {
  const { schema, catalog, operation, faults, truth, stock, ours } = compared;
  const bad = (name: string, detail?: string): Verdict => ({ kind: 'different', class: name, ...(detail === undefined ? {} : { detail }) });
  const { answer } = ours;
  if (answer.data === undefined) return bad('ours has no data', answer.errors[0]?.message);
  if (answer.errors.some((e) => e.message === 'The operation failed.')) return bad('ours failed');
  const refused = ours.objections[0];
  if (refused !== undefined && stock.objections.length === 0) return bad(`ours: question: ${general(refused)}`, refused);
  const shape = misshapen(schema, operation, answer.data);
  if (shape) return bad('ours has the wrong shape', shape);
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
  if (!faults.some(isQuiet)) {
    const hole = unexplained(catalog, truth, answer);
    if (hole) return bad('ours lost data without an error', JSON.stringify(hole));
  }
  if (faults.some(isOdd)) return SAME;
  const data = JSON.stringify(answer.data);
  if (data === JSON.stringify(stock.answer.data)) return SAME;
  if (stock.answer.data === undefined) return { kind: 'stock', class: `no data: ${general(stock.answer.errors[0]?.message ?? '')}` };
  const wrong = misshapen(schema, operation, stock.answer.data);
  if (wrong) return { kind: 'stock', class: 'with a fault: wrong shape' };
  return bad('data under a fault');
}

/** Faults that may take data away without a word. */
const isQuiet = (fault: Fault): boolean => fault.kind === 'null' || fault.kind === 'gone' || fault.kind === 'silent' || isOdd(fault);

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
