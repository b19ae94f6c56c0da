import { seedReference } from '@commonweal/consent/reference.ts';
import { type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runConsumers } from './consumers.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  const programIds = Object.fromEntries(['OPCT', 'HSNP'].map((code, i) => [code, `10000000-0000-4000-8000-00000000000${i}`]));
  await seedReference(database.owner('consent'), { programIds, providerIds: { HIGHLAND: '20000000-0000-4000-8000-000000000001' } });
});
afterAll(() => database?.drop());

/** Runs the command; what it said, and how it ended. */
async function run(...args: string[]): Promise<readonly [ok: boolean, said: string]> {
  const said: string[] = [];
  const ok = await runConsumers(args, { DATABASE_URL: database.adminUrl }, (text) => said.push(text));
  return [ok, said.join('\n')];
}

/** What was noted with the changes of the policies, the last one first. */
const reasons = async () =>
  (await database.owner('consent')`select reason from policy_epoch order by epoch desc`).map((r) => r.reason as string);

describe('npm run consumers', () => {
  it('cuts a consumer off, once, and notes by whom and why', async () => {
    const before = (await reasons()).length;
    expect(await run('suspend', 'bank', '--by', 'ada', '--why', 'stolen tokens')).toEqual([true, 'bank is cut off.']);
    expect(await run('suspend', 'bank')).toEqual([true, 'bank was cut off already.']);
    expect((await reasons()).slice(0, -before)).toEqual(['suspended: bank: by ada: stolen tokens']);
    expect((await run('list'))[1]).toMatch(/^bank +\S.* payment_provider +\d+ +suspended$/m);
  });

  it('lets it in again', async () => {
    expect(await run('admit', 'bank', '--by', 'ada')).toEqual([true, 'bank is let in again.']);
    expect(await run('admit', 'bank')).toEqual([true, 'bank was not cut off.']);
    expect((await reasons())[0]).toBe('let in again: bank: by ada');
    expect((await run('list'))[1]).toMatch(/^bank .* admitted$/m);
  });

  it('changes nothing for a consumer that does not exist, and says where the names are', async () => {
    const before = await reasons();
    expect(await run('suspend', 'bnak')).toEqual([false, 'There is no consumer bnak. npm run consumers -- list names them.']);
    expect(await reasons()).toEqual(before);
  });

  it('says what is wrong with a command', async () => {
    await expect(run('suspend')).rejects.toThrow('The code of the consumer is missing.');
    await expect(run('suspend', 'bank', 'clinic')).rejects.toThrow('"clinic" is one argument too many.');
    await expect(run('close', 'bank')).rejects.toThrow('Say list, suspend or admit.');
    await expect(run('list', '--all')).rejects.toThrow("Unknown option '--all'.");
    expect((await run('--help'))[1]).toContain('npm run consumers -- suspend <code>');
  });
});
