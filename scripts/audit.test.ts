import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runAudit } from './audit.ts';

let database: TestDatabase;
const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-audit-'));
const file = (name: string, text: string) => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const key = file('seal.pub', generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString());
beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.drop();
});

async function run(...args: string[]): Promise<readonly [ok: boolean, said: string]> {
  const said: string[] = [];
  const ok = await runAudit(args, { COMMONWEAL_AUDIT_DATABASE_URL: database.adminUrl }, (text) => said.push(text));
  return [ok, said.join('\n')];
}

// Each of them would otherwise look like a log that was tampered with, or like one that was not.
describe('npm run audit', () => {
  it('verifies a log that nothing was written to', async () => {
    expect(await run('verify', '--key', key)).toEqual([true, 'Found as they were sealed: batches 0, records 0.']);
    expect((await run('--help'))[1]).toContain('Usage: npm run audit -- verify');
  });

  it.each<[args: string[], message: string]>([
    [[], 'Say verify.'],
    [['check'], 'Say verify.'],
    [['verify', 'all'], '"all" is one argument too many.'],
    [['verify', '--bogus'], "Unknown option '--bogus'."],
    [['verify', '--tolerance', ''], '--tolerance must be a number of seconds; it is "".'],
    [['verify', '--tolerance', '1m'], '--tolerance must be a number of seconds; it is "1m".'],
    [['verify', '--head', '12'], '--head must look like 12:<64 hexadecimal digits>.'],
    [['verify'], 'No public key is named.'],
    [['verify', '--key', '/no/such.pub'], 'There is no file /no/such.pub.'],
    [['verify', '--key', file('not.pub', '{}')], `There is no key in ${path.join(folder, 'not.pub')}.`],
    [['verify', '--key', key, '--database-url', 'nonsense'], 'The url of the database is none.'],
    [
      ['verify', '--key', key, '--database-url', 'postgres://a:b@127.0.0.1:1/c'],
      'The database at 127.0.0.1:1/c cannot be reached (ECONNREFUSED).',
    ],
  ])('with %j says what is wrong, and that nothing was checked', async (args, message) => {
    await expect(run(...args)).rejects.toMatchObject({ name: 'StartupProblem', message });
  });

  it('says so where there is no log', async () => {
    await expect(run('verify', '--key', key, '--database-url', inject('adminUrl'))).rejects.toThrow(
      'There is no access log in this database.',
    );
  });
});
