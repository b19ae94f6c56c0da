import { parse, print, stripIgnoredCharacters } from 'graphql';
import { expect, test } from 'vitest';
import { operationToPlan } from '../operation.ts';

/** What is planned of an operation, where its variables have these values. */
const planned = (text: string, conditions: Readonly<Record<string, boolean>> = {}) => {
  const operation = operationToPlan(parse(text), undefined, new Map(Object.entries(conditions)), (key) => key);
  return operation && stripIgnoredCharacters(print(operation.document));
};

test.each([
  ['{a@skip(if:false)b@include(if:false)c@include(if:true)@skip(if:false)d@skip(if:true)}', '{a c}'],
  ['{...on Query@include(if:true){a}...@skip(if:true){b}}', '{a}'],
  ['{a{...@include(if:true){b}...F@skip(if:true)}}fragment F on A{c}', '{a{...{b}}}'],
])('what a constant leaves out is not there, and the rest has no condition: %s', (text, right) => {
  expect(planned(text)).toBe(right);
});

test.each([
  ['{a@skip(if:$v)b@include(if:$v)c}', '{b c}', '{a c}'],
  ['{a{b@skip(if:$v)...F@include(if:$v)}}fragment F on A{c}', '{a{...F}}fragment F on A{c}', '{a{b}}'],
  ['{a{b@skip(if:$v)c@include(if:$v)@skip(if:$v)}}', '{a{__typename}}', '{a{b}}'],
  ['{a{...F}}fragment F on A{...@skip(if:$v){b}}', '{a{__typename}}', '{a{...F}}fragment F on A{...{b}}'],
  ['{...F}fragment F on Query{...on Query{a@skip(if:$v)}b}', '{b}', '{a b}'],
])('an operation is one thing for each value of a variable: %s', (selection, where, otherwise) => {
  const bare = (text: string | null) => text?.replace('query($v:Boolean!)', '');
  expect(bare(planned(`query($v:Boolean!)${selection}`, { v: true }))).toBe(where);
  expect(bare(planned(`query($v:Boolean!)${selection}`, { v: false }))).toBe(otherwise);
});

test('where it cannot be told what of the root is asked for, nothing is', () => {
  const text = 'mutation ($v: Boolean = true) { a ... { b @include(if: $v) } }';
  expect(planned(text)).toBeNull();
  expect(planned(text, { v: false })).toContain('{a}');
  // What is skipped anyway need not be told.
  expect(planned('query ($v: Boolean = true) { a b @skip(if: true) @include(if: $v) }')).toContain('{a}');
});

test('further below it is an error where it stands, and the rest is asked for', () => {
  expect(planned('query ($v: Boolean = true) { a { b c @skip(if: $v) } }')).toContain('{a{b}}');
});
