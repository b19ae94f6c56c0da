import { describe, expect, it } from 'vitest';
import { benchFor, casesOf, OPERATIONS, type Spoil } from './case.ts';
import type { Answer } from './gateways.ts';
import { runSupergraph } from './run.ts';
import { emptyTally, merge, total } from './tally.ts';

const CASES = 2_000;
const SEED = 'ci';

describe('our engine and the stock executor', () => {
  it('answer made-up operations alike, with and without faults', { timeout: 600_000 }, async () => {
    const tally = emptyTally();
    for (let index = 0; tally.cases < CASES; index++) merge(tally, (await runSupergraph(SEED, index)).tally);
    const differences = Object.fromEntries(Object.entries(tally.classes).filter(([, c]) => c.kind === 'different'));
    expect(differences).toEqual({});
    // Where nobody has the right answer nothing is proven: such cases have to stay rare.
    expect((total(tally, 'both') + total(tally, 'none')) / tally.operations).toBeLessThan(0.1);
  });
});

describe('an engine that is broken on purpose is found out', () => {
  const broken: Readonly<Record<string, Spoil>> = {
    'an error is dropped': changing((answer) => ({ ...answer, errors: answer.errors.slice(1) })),
    'a value becomes null': changing((answer) => ({ ...answer, data: withoutFirst(answer.data) })),
    'two elements of a list change places': changing((answer) => ({ ...answer, data: swapped(answer.data) })),
    'two keys change places': changing((answer) => ({
      ...answer,
      data: answer.data && Object.fromEntries(Object.entries(answer.data).reverse()),
    })),
    'callers share an answer': (gateway) => {
      const underWay = new Map<string, Promise<Answer>>();
      return {
        answer(operation, caller) {
          const known = underWay.get(operation.text);
          if (known) return known;
          const asked = gateway.answer(operation, caller).finally(() => underWay.delete(operation.text));
          underWay.set(operation.text, asked);
          return asked;
        },
      };
    },
  };

  it.each(Object.entries(broken))('%s', { timeout: 600_000 }, async (_name, spoil) => {
    expect(await firstDifference(spoil)).toBeLessThan(CASES);
  });
});

/** Number of cases until the broken engine is found out. */
async function firstDifference(spoil: Spoil): Promise<number> {
  let cases = 0;
  for (let index = 0; cases < CASES; index++) {
    const { bench } = await benchFor(SEED, index, spoil);
    try {
      for (let operation = 0; operation < OPERATIONS; operation++) {
        for await (const { outcome } of casesOf(bench, SEED, index, operation)) {
          if (outcome.verdict.kind === 'different') return cases;
          cases++;
        }
      }
    } finally {
      await bench.stock.stop();
    }
  }
  return cases;
}

/** An engine whose answers are changed behind it. */
function changing(change: (answer: Answer) => Answer): Spoil {
  return (gateway) => ({ answer: async (operation, caller) => change(await gateway.answer(operation, caller)) });
}

type Data = Answer['data'];

function withoutFirst(data: Data): Data {
  const [first] = Object.entries(data ?? {}).find(([, value]) => value !== null) ?? [];
  return first === undefined ? data : { ...data, [first]: null };
}

function swapped(data: Data): Data {
  const [key, list] = Object.entries(data ?? {}).find(([, value]) => Array.isArray(value) && value.length > 1) ?? [];
  return key === undefined ? data : { ...data, [key]: (list as unknown[]).toReversed() };
}
