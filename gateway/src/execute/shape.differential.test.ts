import { type FieldNode, NoUnusedFragmentsRule, NoUnusedVariablesRule, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Chance } from '../../fuzz/random.ts';
import { exactly } from './shape.exact.ts';
import { randomData, randomDocument, SCHEMA } from './shape.random.ts';
import { compileShape, type Refused, type ShapeRules } from './shape.ts';

/** What nobody uses does not matter here. */
const MUST_HOLD = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule && rule !== NoUnusedVariablesRule);

/** Keys travel elsewhere; some fields are refused, a value and a type are hidden, and what stands behind `Node` proves itself. */
const RULES: ShapeRules = {
  key: (responseKey) => `x${responseKey}`,
  refused: (node: FieldNode) =>
    ['text', 'near', 'moods', 'must'].includes(node.name.value) && node.alias === undefined ? `Any.${node.name.value}` : undefined,
  enumValue: (_type, value) => value !== 'CROSS',
  type: (name) => name !== 'C',
  proof: (type) => (type.name === 'Node' ? 'proof' : null),
};

const place = (refused: Refused) => [refused.coordinate, refused.path];

const OPERATIONS = Array.from({ length: 110 }, (_, i) => {
  const text = randomDocument(new Chance(`operation ${i}`));
  return { text, document: parse(text) };
}).filter(({ document }) => validate(SCHEMA, document, MUST_HOLD).length === 0);

/** Shapes eight random answers to each operation in both ways, and says how many there were. */
function compare(oddity: number, rules: ShapeRules | undefined) {
  const seen = { quick: 0, exact: 0, refused: 0, large: 0 };
  for (const { text, document } of OPERATIONS) {
    const chance = new Chance(`answers to ${text}`);
    const shape = compileShape({ schema: SCHEMA, document, rules });
    for (let n = 0; n < 8; n++) {
      const variables = { x: chance.maybe(0.5), y: chance.maybe(0.5) };
      const data = randomData(chance, text, oddity, (key) => rules?.key(key, '') ?? key);
      const before = JSON.stringify(data);
      const quick = shape.quickly(data, variables);
      const exact = exactly({ schema: SCHEMA, document, rules }, data, variables);
      // What has errors is for the exact way alone; what has none should not need it.
      const expected = exact.errors.length > 0 ? null : JSON.stringify([exact.data, exact.refused.map(place)]);
      const found = quick && JSON.stringify([quick.data, quick.refused.map(place)]);
      const where = { text, variables, data };
      if (found !== expected || JSON.stringify(data) !== before)
        expect({ ...where, answer: found }).toEqual({ ...where, data: JSON.parse(before), answer: expected });
      if (found === null) seen.exact += 1;
      else seen.quick += 1;
      if (quick && quick.refused.length > 0) seen.refused += 1;
      if (before.length > 500) seen.large += 1;
    }
  }
  return seen;
}

describe('the quick way gives what the exact way gives, and leaves to it what has errors', () => {
  it('data in good order never needs the exact way', () => {
    expect(compare(0, undefined)).toEqual({ quick: 848, exact: 0, refused: 0, large: 344 });
  });

  it('data with oddities', () => {
    expect(compare(0.03, undefined)).toEqual({ quick: 680, exact: 168, refused: 0, large: 310 });
  });

  it('under the rules of another layer', () => {
    expect(compare(0.003, RULES)).toEqual({ quick: 563, exact: 285, refused: 69, large: 357 });
  });
});
