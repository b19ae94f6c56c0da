import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { compile, filled, Names, slot } from './statement.ts';

it('a compiled statement takes the values of a request in its places, and leaves the rest as it was', () => {
  const statement = compile(
    sql`select ${'fixed'}::text, ${slot('id')}::uuid where ${slot('id')}::uuid is not null and ${slot('n')}::int > 0`,
    'by key',
  );
  expect(statement.text).toBe('select $1::text, $2::uuid where $3::uuid is not null and $4::int > 0');
  expect(filled(statement, { id: 'x', n: 0 }).params).toEqual(['fixed', 'x', 'x', 0]);
  expect(filled(statement, { id: 'y', n: null }).params).toEqual(['fixed', 'y', 'y', null]);
  expect(() => filled(statement, { id: 'x' })).toThrow('n');
});

it('a text is prepared under a name when it is met for the third time', () => {
  const names = new Names();
  expect([1, 2, 3, 4].map(() => names.isNamed('select 1'))).toEqual([false, false, true, true]);
});

it('however many texts callers make up, no more than a fixed number get names, and those that have one keep it', () => {
  const names = new Names(10);
  for (let n = 0; n < 5000; n++) for (let times = 0; times < 3; times++) names.isNamed(`select ${n}`);
  const named = Array.from({ length: 5000 }, (_, n) => names.isNamed(`select ${n}`)).filter(Boolean);
  expect(named).toHaveLength(10);
  expect(names.isNamed('select 0')).toBe(true);
});
