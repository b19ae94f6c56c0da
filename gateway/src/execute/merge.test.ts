import { expect, test } from 'vitest';
import { copyAlong } from './copy.ts';
import { mergeInto } from './merge.ts';
import type { Data } from './own.ts';
import { selectedBy } from './selected.ts';

const merged = (target: Data, source: Data, text: string): Data => {
  mergeInto(target, source, selectedBy(text));
  return target;
};

test('objects are merged by key, lists element by element', () => {
  const target = { a: { x: 1 }, list: [{ x: 1 }, null, { x: 3 }], lists: [[{ x: 1 }], []] };
  expect(merged(target, { a: { y: 2 }, list: [{ y: 1 }, { y: 2 }, null], lists: [[{ y: 1 }], []] }, '{a{y} list{y} lists{y}}')).toEqual({
    a: { x: 1, y: 2 },
    list: [{ x: 1, y: 1 }, { y: 2 }, { x: 3 }],
    lists: [[{ x: 1, y: 1 }], []],
  });
});

test('null erases nothing, and gives way to what is known', () => {
  expect(merged({ a: { x: 1 }, b: null, c: 5 }, { a: null, b: { x: 2 }, c: null, d: null }, '{a{x} b{x} c d}')).toEqual({
    a: { x: 1 },
    b: { x: 2 },
    c: 5,
    d: null,
  });
});

test('a later leaf replaces an earlier one; an object that is a leaf is never written to', () => {
  const held = { deep: 1 };
  expect(merged({ a: 1, json: held }, { a: 2, json: { other: 2 } }, '{a json}')).toEqual({ a: 2, json: { other: 2 } });
  expect(held).toEqual({ deep: 1 });
});

test('the name of an interface gives way to the type of the object, wherever it stands and whichever came first', () => {
  const untyped = new Set(['Media']);
  const object = (__typename: string) => ({ a: { __typename, list: [[{ __typename }]] }, __typename });
  for (const [first, second] of [
    ['Media', 'Book'],
    ['Book', 'Media'],
  ] as const) {
    const target: Data = object(first);
    mergeInto(target, object(second), selectedBy('{a{__typename list{__typename}} __typename}'), untyped);
    expect(target).toEqual(object('Book'));
  }
});

test('lists that contradict each other are not mixed: the later one holds', () => {
  expect(merged({ list: [{ x: 1 }, { x: 2 }] }, { list: [{ y: 1 }] }, '{list{y}}')).toEqual({ list: [{ y: 1 }] });
});

test('what does not fit what stands there is left out', () => {
  const target = { a: { x: 1 }, list: [{ x: 1 }], b: [{ x: 1 }], id: 'a' };
  const given = { a: 5, list: { y: 1 }, b: [7], id: {} };
  expect(merged(target, given, '{a{y} list{y} b{y} id}')).toEqual({ a: { x: 1 }, list: [{ x: 1 }], b: [{ x: 1 }], id: 'a' });
});

test('keys that JavaScript lends to every object are not there until they are merged', () => {
  const target = merged({}, { constructor: 'c', toString: { valueOf: 1 } } as Data, '{constructor toString{valueOf}}');
  expect(Object.entries(target)).toEqual([
    ['constructor', 'c'],
    ['toString', { valueOf: 1 }],
  ]);
});

test('__proto__ is no key', () => {
  const target = merged({}, JSON.parse('{"__proto__":{"evil":1},"a":1}'), '{a}');
  expect(target).toEqual({ a: 1 });
  expect(target.evil).toBeUndefined();
});

test('copying goes along the spine only, and takes equal objects for one where it may', () => {
  const spine = {
    keys: [
      {
        name: 'list',
        spine: {
          keys: [],
          sameBy: { lead: { name: 'id', lent: false }, others: [{ name: '__typename', lent: false }] },
        },
      },
    ],
    sameBy: null,
  };
  const rest = { y: 1 };
  const source = {
    rest,
    list: [
      { __typename: 'T', id: 1 },
      { __typename: 'T', id: 1 },
      { __typename: 'U', id: 1 },
    ],
  };
  const copy = copyAlong(source, spine);
  expect(copy).toEqual(source);
  expect(copy.rest).toBe(rest);
  expect(copy.list[0]).not.toBe(source.list[0]);
  expect(copy.list[1]).toBe(copy.list[0]);
  expect(copy.list[2]).not.toBe(copy.list[0]);
});
