import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildCatalog } from './catalog.ts';

const catalogOf = (sdl: string) => buildCatalog(parse(sdl));

describe('a graph is not started with', () => {
  it.each([
    ['a field without a class', 'type A { x: Int }', 'A.x has no access class'],
    ['a field of an extension without one', 'type A { x: Int @access(class: OPEN) } extend type A { y: Int }', 'A.y has no access class'],
    ['a class that is none', 'type A { x: Int @access(class: SECRET) }', 'SECRET is not one of'],
    ['no class at all', 'type A { x: Int @access }', 'nothing is not one of'],
    ['a use that is none', 'type A { x: Int @access(class: NAME, use: LOOK) }', 'LOOK is not one of'],
    ['two classes of one field', 'type A { x: Int @access(class: NAME) @access(class: OPEN) }', 'A.x: @access stands twice'],
    [
      'two classes of one type',
      'type A @access(class: NAME) { x: Int } extend type A @access(class: OPEN) { y: Int }',
      'A: two different classes',
    ],
    [
      'two uses of one type',
      'type A @access(class: NAME) { x: Int } extend type A @access(class: NAME, use: AGGREGATE) { y: Int }',
      'A: two different classes',
    ],
    ['an input that reads something for no known use', 'input F { x: Int @reads(field: "A.x", use: LOOK) }', 'LOOK is not one of'],
  ])('%s', (_what, sdl, message) => {
    expect(() => catalogOf(sdl)).toThrow(message);
  });
});

describe('the class of a field', () => {
  it('is its own before that of its type, in extensions too, with reading as its use unless another is named', () => {
    const { fields } = catalogOf(`
      extend type A { z: Int w: Int @access(class: SCORE, use: AGGREGATE) }
      type A @access(class: NAME) { x: Int y: Int @access(class: CONTACT) }`);
    expect([...fields.values()].map((f) => [f.coordinate, f.accessClass, f.use])).toEqual([
      ['A.z', 'NAME', 'READ'],
      ['A.w', 'SCORE', 'AGGREGATE'],
      ['A.x', 'NAME', 'READ'],
      ['A.y', 'CONTACT', 'READ'],
    ]);
    expect([...fields.values()].map((f) => f.index)).toEqual([0, 1, 2, 3]);
  });

  it('changes the digest of the graph, and the order of definitions does not', () => {
    const [a, b] = ['type A { x: Int @access(class: NAME) }', 'type B { x: Int @access(class: OPEN) }'];
    expect(catalogOf(`${a} ${b}`).digest).toBe(catalogOf(`${b} ${a}`).digest);
    expect(catalogOf(`${a} ${b}`).digest).not.toBe(catalogOf(`${a.replace('NAME', 'OPEN')} ${b}`).digest);
  });
});
