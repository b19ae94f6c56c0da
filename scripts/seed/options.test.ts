import { expect, test } from 'vitest';
import { readSeedCommand } from './options.ts';

const read = (...args: string[]) => readSeedCommand(args, { COMMONWEAL_DATA: '/data', COMMONWEAL_HOUSEHOLDS: '70' });

test('what is left out has a standard', () => {
  expect(read()).toMatchObject({ households: 70, seed: 1, asOf: undefined, reset: false, truthFile: '/data/truth.csv' });
  expect(read('--households', '5', '--seed=-3', '--as-of', '2025-06-30')).toMatchObject({ households: 5, seed: -3, asOf: '2025-06-30' });
  expect(read('--help')).toBe(null);
});

test('a database that is named is taken before that of the environment', () => {
  const command = readSeedCommand(['--database-url', 'postgres://a@one/x'], { DATABASE_URL: 'postgres://a@two/x' });
  expect(command?.scripts.databaseUrl).toBe('postgres://a@one/x');
});

test.each([
  [['--households', '0'], '--households must be a whole number from 1 to 12000000; it is "0".'],
  [['--seed', 'x'], '--seed must be a whole number from -2147483648 to 2147483647; it is "x".'],
  [['--as-of', '2025-13-01'], '--as-of must be a day, YYYY-MM-DD; it is "2025-13-01".'],
  [['--reset'], '--reset deletes all persons, enrollments, payments and consents for good.'],
  [['--nonsense'], "Unknown option '--nonsense'."],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => read(...args)).toThrow(sentence);
});

test('production is not seeded', () => {
  expect(() => readSeedCommand([], { COMMONWEAL_ENV: 'production' })).toThrow('made up');
});
