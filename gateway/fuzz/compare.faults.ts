import type { SubgraphCall } from '../src/execute/types.ts';
import {
  givesKeyOut,
  hasLostLists,
  hasLostNull,
  hasNamelessNull,
  hasNullAt,
  hasNullByInterface,
  hasUntypedObject,
  losesInnerLists,
  losesToNull,
  sendsNull,
  takesOddValue,
} from './compare.known.ts';
import { misshapen } from './conform.ts';
import type { Fault } from './faults.ts';
import type { Path } from './gateways.ts';
import { withoutName } from './harness.ts';
import type { Truth } from './monolith.ts';
import { isCovered, unexplained } from './nulls.ts';
import { type Compared, different, general, type Heard, SAME, type Verdict } from './verdict.ts';

/** Faults that stock answers in a way of its own: it gives up everything, or reads values as no other server does. */
export const isOdd = (fault: Fault): boolean => fault.kind === 'typename' || (fault.kind === 'value' && fault.isOdd === true);

/** With faults: ours must be sound by itself, and tell what stock tells. */
export function judgeFaulty(compared: Compared): Verdict {
  const { schema, catalog, operation, faults, truth, stock, ours } = compared;
  const { answer } = ours;
  if (answer.data === undefined) return different('ours has no data', answer.errors[0]?.message);
  if (answer.errors.some((e) => e.message === 'The operation failed.')) return different('ours failed');
  const refused = ours.objections[0];
  if (refused !== undefined && stock.objections.length === 0) return different(`ours: question: ${general(refused)}`, refused);
  const shape = misshapen(schema, operation, answer.data);
  if (shape) return different('ours has the wrong shape', shape);
  if (!faults.some(isQuiet)) {
    const hole = unexplained(catalog, truth, answer);
    if (hole) return different('ours lost data without an error', JSON.stringify(hole));
  }
  const verdict = judgeBeside(compared);
  return verdict.kind === 'different' && isOtherPlan(compared) ? { kind: 'plan', class: verdict.class } : verdict;
}

/** Whether ours asked for something that stock did not, by another way or under other aliases. */
function isOtherPlan({ stock, ours }: Compared): boolean {
  const textOf = ({ subgraph, query }: SubgraphCall) => `${subgraph} ${withoutName(query)}`;
  const known = new Set(stock.calls.map(textOf));
  return ours.calls.some((call) => !known.has(textOf(call)));
}

/** Under faults the truth is not known: what stock tells must be told by ours too. */
function judgeBeside(compared: Compared): Verdict {
  const { schema, operation, faults, truth, stock, ours } = compared;
  const { answer } = ours;
  const messages = new Set(answer.errors.map((e) => e.message));
  const lost = stock.answer.errors.find(
    (e) => e.message.startsWith('fault:') && !messages.has(e.message) && !isUnanswered(faults, e.message),
  );
  // Stock asks the root again where a field leads back to it, also where there is no object.
  const asksNowhere = faults.some(isOdd) && stock.calls.length > ours.calls.length;
  // What is computed from the null that stock let take the place of a value may fail where nothing of ours does.
  if (lost && !asksNowhere && !sendsNull(compared))
    return different('ours lost an error', `${lost.message} at ${JSON.stringify(lost.path)}`);
  if (hasGivenUp(stock) && !faults.some(isOdd))
    return { kind: 'stock', class: `no data: ${general(stock.answer.errors[0]?.message ?? '')}` };
  const said = stock.answer.errors.filter((e) => !CRASH.test(e.message));
  if (said.length > 0 && answer.errors.length === 0 && !faults.some(isOdd)) return different('ours has no error', said[0]?.message);
  const places = new Set(answer.errors.map((e) => `${e.message} ${JSON.stringify(e.path)}`));
  for (const error of faults.some(isOdd) ? [] : stock.answer.errors) {
    if (!error.message.startsWith('fault:') || !error.path || places.has(`${error.message} ${JSON.stringify(error.path)}`)) continue;
    if (isVisited(truth, error.message, error.path) && !isBelowNull(stock.answer.data, error.path) && !isElsewhere(compared, error.message))
      return different('ours lost the place of an error', `${error.message} at ${JSON.stringify(error.path)}`);
  }
  const silent = stock.answer.completion.find((e) => e.path && hasNullAt(ours, e.path) && !isCovered(answer, e.path));
  if (silent && !faults.some(isOdd) && !losesToNull(compared))
    return different('ours has null without an error', JSON.stringify(silent.path));
  if (faults.some(isOdd)) return SAME;
  const data = JSON.stringify(answer.data);
  if (data === JSON.stringify(stock.answer.data)) return SAME;
  if (hasLostNull(stock, ours))
    return { kind: 'stock', class: 'with a fault: a required null is left out, because the field has an alias' };
  if (stock.answer.data === undefined) return { kind: 'stock', class: `no data: ${general(stock.answer.errors[0]?.message ?? '')}` };
  if (losesInnerLists(compared))
    return { kind: 'stock', class: "with a fault: a list in a list takes the place of another subgraph's, if it comes last" };
  if (hasLostLists(stock, ours)) return { kind: 'stock', class: 'with a fault: a required list in a list is null' };
  const wrong = misshapen(schema, operation, stock.answer.data);
  if (wrong) return { kind: 'stock', class: 'with a fault: wrong shape' };
  if (losesToNull(compared) || sendsNull(compared)) {
    return { kind: 'stock', class: 'with a fault: null of one subgraph takes the place of the object of another, if it comes last' };
  }
  if (takesOddValue(compared))
    return { kind: 'stock', class: 'with a fault: a list or an object takes the place of a leaf, if it comes last' };
  if (givesKeyOut(compared)) return { kind: 'stock', class: 'with a fault: a key is given out under an alias that is called like it' };
  if (hasNamelessNull(compared))
    return { kind: 'stock', class: 'with a fault: an object of a known type is null, as nobody gave its type' };
  if (hasNullByInterface(compared))
    return { kind: 'stock', class: 'with a fault: null in a field that may not be null, as an interface allows it' };
  if (hasUntypedObject(compared)) {
    return { kind: 'stock', class: 'with a fault: an object of which only the interface is known has no fields and is not null' };
  }
  return different('data under a fault', general(answer.errors.find((e) => !e.message.startsWith('fault:'))?.message ?? ''));
}

/** What JavaScript says when stock merges an object into a text that another subgraph gave. */
const CRASH = /^Cannot use 'in' operator/;

/** Whether stock has no answer, and no reason but a fault of its own. */
const hasGivenUp = ({ answer }: Heard): boolean => answer.data === undefined && !answer.errors.some((e) => e.message.startsWith('fault:'));

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

/** Whether ours tells of an error as often as stock, and only at places that are about it: stock may have miscounted to another of them. */
function isElsewhere({ truth, stock, ours }: Compared, message: string): boolean {
  const [theirs, own] = [stock, ours].map(({ answer }) => answer.errors.filter((e) => e.message === message));
  return (
    theirs !== undefined &&
    own !== undefined &&
    own.length >= theirs.length &&
    own.every(({ path }) => path !== undefined && isVisited(truth, message, path))
  );
}

/** Whether a place lies below a null, where nothing can have been asked for. */
function isBelowNull(data: unknown, path: Path): boolean {
  let value = data;
  for (const step of path.slice(0, -1)) {
    if (value === null || typeof value !== 'object') return true;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value === null;
}
