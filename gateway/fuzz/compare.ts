import type { Operation } from './ask/operation.ts';
import { judgeFaulty } from './compare.faults.ts';
import type { Answer } from './gateways.ts';
import type { Truth } from './monolith.ts';
import { type Compared, general, type Heard, SAME, type Verdict } from './verdict.ts';

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
    if (stockWrong || FAULTY.some((end) => message.endsWith(end))) return { kind: 'none', class: general(message) };
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

/** Of plans that are faulty, whatever the data are. */
const FAULTY = ['without what it requires.', 'one of them needs an alias.'];

const isUnplanned = (answer: Answer) => answer.data === undefined && answer.errors.some((e) => e.extensions?.code === 'PLANNING_FAILED');

function sameButOrder(a: unknown, b: unknown): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && sameButOrder((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
