import { type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Session } from './session.ts';

let database: TestDatabase;
let session: Session;

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  session = new Session('persons', database.urls.persons.migratorUrl);
  await session.run('create temporary table numbers (n integer)');
});
afterAll(async () => {
  await session?.close();
  await database?.drop();
});

describe('lines that are put into a table', () => {
  it('are there when they have been taken', async () => {
    await session.copyIn('numbers', ['n'], '1\n2\n');
    expect(await session.count('select count(*) as n from numbers')).toBe(2);
  });

  it('fail when the database does not take them, and nobody waits for ever', async () => {
    await expect(session.copyIn('numbers', ['n'], '3\nfour\n')).rejects.toThrow(/invalid input syntax/);
    expect(await session.count('select count(*) as n from numbers')).toBe(2);
  }, 5000);
});
