import { parse, print, stripIgnoredCharacters } from 'graphql';
import { expect, test } from 'vitest';
import { withoutConstants } from './conditions.ts';
import { withoutRepeats } from './repeats.ts';

const short = (document: ReturnType<typeof parse>) => stripIgnoredCharacters(print(document));

test.each([
  ['{a{b}a{c}a{b d}}', '{a{b c d}}'],
  ['{a{x{y}}b a{x{z}x{y}}}', '{a{x{y z}}b}'],
  ['query($v:Boolean!){a@skip(if:$v)b a c@skip(if:$v)}', 'query($v:Boolean!){b a c@skip(if:$v)}'],
  ['query($v:Boolean!){a{b}a@skip(if:$v){c}...on Query{a{b}}}', 'query($v:Boolean!){a{b}a@skip(if:$v){c}...on Query{a{b}}}'],
  ['{x:a y:a a}', '{x:a y:a a}'],
])('a field without a condition stands once: %s', (text, right) => {
  expect(short(withoutRepeats(parse(text)))).toBe(right);
});

test('nothing is made anew where nothing is said twice', () => {
  const document = parse('{a{b c}d{b}}');
  expect(withoutRepeats(document)).toBe(document);
});

test.each([
  ['{a@skip(if:false)b@include(if:false)c@include(if:true)@skip(if:false)d@skip(if:true)}', '{a c}'],
  ['query($v:Boolean!){a@skip(if:$v)@include(if:true){b@skip(if:true)}}', 'query($v:Boolean!){a@skip(if:$v){b@skip(if:true)}}'],
  ['{...on Query@include(if:true){a}...@skip(if:true){b}}', '{...on Query{a}}'],
  ['query($v:Boolean!){a@skip(if:$v)@include(if:$v)...@skip(if:$v){b c@include(if:$v)}}', 'query($v:Boolean!){...@skip(if:$v){b}}'],
  ['{a{b}...on Query{...{b@include(if:false)}...F}}fragment F on Query{b@skip(if:true)}', '{a{b}}fragment F on Query{b@skip(if:true)}'],
])('a condition that depends on no variable is none: %s', (text, right) => {
  expect(short(withoutConstants(parse(text)))).toBe(right);
});
