import { describe, expect, test } from 'vitest';
import { Random, shuffleBelow, UuidSource, weighted } from './random.ts';

describe('random', () => {
  test('weighted draws follow the weights', () => {
    const random = new Random().reset(1, 2, 3);
    const table = weighted(['a', 'b', 'c'], [1, 2, 7]);
    const drawn = Array.from({ length: 20_000 }, () => random.pick(table));
    const share = (letter: string) => drawn.filter((one) => one === letter).length / drawn.length;
    expect([share('a'), share('b'), share('c')].map((one) => one.toFixed(1))).toEqual(['0.1', '0.2', '0.7']);
  });

  test('a list without weight is refused', () => {
    expect(() => weighted(['a'], [0])).toThrow('weights');
  });

  test('neighboring keys give unrelated streams, and normal draws have mean 0 and spread 1', () => {
    const firsts = Array.from({ length: 20_000 }, (_, index) => new Random().reset(7, index, 0).normal());
    const mean = firsts.reduce((sum, one) => sum + one, 0) / firsts.length;
    const spread = Math.sqrt(firsts.reduce((sum, one) => sum + (one - mean) ** 2, 0) / firsts.length);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(spread - 1)).toBeLessThan(0.03);
  });

  test('uuids are of version 4 and all different', () => {
    const source = new UuidSource().reset(1, 1, 1);
    const list = Array.from({ length: 1000 }, () => source.next());
    expect(new Set(list).size).toBe(1000);
    for (const id of list) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('a shuffle gives each number below its size once', () => {
    const shuffled = new Set(Array.from({ length: 9_000 }, (_, value) => shuffleBelow(value, 9_000, 42)));
    expect([shuffled.size, Math.min(...shuffled), Math.max(...shuffled)]).toEqual([9_000, 0, 8_999]);
  });
});
