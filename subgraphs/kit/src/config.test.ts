import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { readProcessConfig } from './config.ts';

const given = { COMMONWEAL_DATABASE_URL: 'postgres://a:b@c/d', COMMONWEAL_SECRET: randomBytes(32).toString('base64') };

it('an empty variable counts as one that is not set', () => {
  const empty = { COMMONWEAL_HOST: '', COMMONWEAL_PORT: '', COMMONWEAL_POOL: '' };
  expect(readProcessConfig({ ...given, ...empty })).toEqual(readProcessConfig(given));
  expect(readProcessConfig(given)).toMatchObject({ host: '127.0.0.1', port: 4001, poolSize: 16 });
});

it('a registry does not start with connections that are no number, or none, on which every request would wait', () => {
  for (const pool of ['0', '-1', 'abc', '1.5', '1000'])
    expect(() => readProcessConfig({ ...given, COMMONWEAL_POOL: pool })).toThrow(
      `COMMONWEAL_POOL must be a whole number from 1 to 999; it is "${pool}".`,
    );
  expect(readProcessConfig({ ...given, COMMONWEAL_POOL: '1' }).poolSize).toBe(1);
});
