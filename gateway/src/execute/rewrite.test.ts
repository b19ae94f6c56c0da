import { expect, test } from 'vitest';
import type { Rewrite } from '../plan/steps.ts';
import { compileRewrites, compileUndo } from './rewrite.ts';

const rewritten = (object: Record<string, unknown>, rewrites: Rewrite[], type?: string): unknown => {
  compileRewrites(rewrites)?.(object, type);
  // A renamed key is left behind as undefined.
  return JSON.parse(JSON.stringify(object));
};

test('a key is renamed whatever its value is, and an absent one stays absent', () => {
  const rename = (key: string): Rewrite => ({ kind: 'rename', path: [], key: `${key}__alias`, to: key });
  const object = { a__alias: 0, b__alias: '', c__alias: false, d__alias: null };
  expect(rewritten(object, ['a', 'b', 'c', 'd', 'e', 'toString'].map(rename))).toEqual({ a: 0, b: '', c: false, d: null });
});

test('the way leads through lists of any depth and past what is no object', () => {
  const path = [{ key: 'lists' }, { key: 'one' }];
  const object = { lists: [[{ one: { a: 1 } }, null], 5, { one: [{ a: 2 }, { b: 3 }] }] };
  expect(rewritten(object, [{ kind: 'rename', path, key: 'a', to: 'z' }])).toEqual({
    lists: [[{ one: { z: 1 } }, null], 5, { one: [{ z: 2 }, { b: 3 }] }],
  });
});

test('a type on the way holds for objects of that type, and where the type is not known', () => {
  const rewrites: Rewrite[] = [{ kind: 'set', path: [{ types: new Set(['Dog']) }], key: 'tail', value: true }];
  expect(rewritten({ __typename: 'Dog' }, rewrites)).toEqual({ __typename: 'Dog', tail: true });
  expect(rewritten({ __typename: 'Cat' }, rewrites)).toEqual({ __typename: 'Cat' });
  expect(rewritten({}, rewrites)).toEqual({ tail: true });
  expect(rewritten({}, rewrites, 'Cat')).toEqual({});
});

test('the path of an error is told by the names that things have after renaming', () => {
  const undo = compileUndo([
    { kind: 'rename', path: [], key: 'a__1', to: 'a' },
    { kind: 'rename', path: [{ key: 'a' }, { types: new Set(['T']) }], key: 'b__1', to: 'b' },
    { kind: 'rename', path: [{ key: 'c' }], key: 'd__1', to: 'd' },
  ]);
  expect(undo(['a__1', 0, 'b__1'])).toEqual(['a', 0, 'b']);
  expect(undo(['c', 1, 2, 'd__1'])).toEqual(['c', 1, 2, 'd']);
  expect(undo(['b__1', 'd__1'])).toEqual(['b__1', 'd__1']);
});
