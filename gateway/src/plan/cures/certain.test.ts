import { expect, test } from 'vitest';
import { isCertain } from './certain.ts';

const set = (text: string) =>
  new Map(text.split(' ').flatMap((word) => (word === '' ? [] : [[word.replace('!', ''), !word.startsWith('!')]])));
const certain = (given: string, ...sets: readonly string[]) => isCertain(sets.map(set), set(given));

test('what has no condition, or one that holds, is certain', () => {
  expect(certain('', 'a', '')).toBe(true);
  expect(certain('a b', '!c', 'a')).toBe(true);
});

test('what has another condition, or the contrary one, is not', () => {
  expect(certain('', 'a')).toBe(false);
  expect(certain('a', '!a', 'a b')).toBe(false);
  expect(certain('')).toBe(false);
});

test('of several conditions one may always hold', () => {
  expect(certain('', 'a', '!a')).toBe(true);
  expect(certain('', 'a b', 'a !b', '!a')).toBe(true);
  expect(certain('', 'a b', 'a !b', '!a c')).toBe(false);
  expect(certain('!a', 'a', '!a b', '!b')).toBe(true);
});

test('of many variables nothing is said', () => {
  expect(certain('', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')).toBe(false);
  expect(certain('', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')).toBeNull();
});
