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

describe('a graph', () => {
  it('tells what inputs and values read, what an action is, and who stands behind an interface or a union', () => {
    const catalog = catalogOf(`
      interface Node { id: ID! }
      type A implements Node @access(class: NAME) { id: ID! of(x: Int @reads(field: "A.id", use: FILTER)): [B!]! @action(name: "a.of") }
      type B @access(class: OPEN) { e: E }
      extend type B implements Node { id: ID! }
      union U = A | B
      input F { x: [Int!] @reads(field: "A.id", use: SORT) @reads(field: "B.id", use: READ) y: Int }
      enum E { ONE @access(class: HEALTH) TWO @reads(field: "A.id", use: GROUP) }
      enum join__Graph { X }`);
    expect(catalog.fields.get('A.of')).toMatchObject({ type: 'B', action: 'a.of' });
    expect(catalog.fields.get('A.id')).toMatchObject({ action: null });
    expect(catalog.fields.get('A.of')!.args.get('x')).toEqual({ reads: [{ field: 'A.id', use: 'FILTER' }], type: 'Int' });
    expect([...catalog.inputs.get('F')!.values()].map((i) => [i.type, i.reads])).toEqual([
      [
        'Int',
        [
          { field: 'A.id', use: 'SORT' },
          { field: 'B.id', use: 'READ' },
        ],
      ],
      ['Int', []],
    ]);
    expect([...catalog.enumValues]).toEqual([
      ['E.ONE', { reads: [], accessClass: 'HEALTH' }],
      ['E.TWO', { reads: [{ field: 'A.id', use: 'GROUP' }], accessClass: null }],
    ]);
    expect([...catalog.possible]).toEqual([
      ['Node', ['A', 'B']],
      ['U', ['A', 'B']],
    ]);
    expect([...catalog.types.get('B')!.fields.keys()]).toEqual(['e', 'id']);
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
