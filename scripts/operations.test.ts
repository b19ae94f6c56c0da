import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { seedReference } from '@commonweal/consent/reference.ts';
import { type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { documentIdOf } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runOperations } from './operations.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-operations-'));
  const programIds = Object.fromEntries(['OPCT', 'HSNP'].map((code, i) => [code, `10000000-0000-4000-8000-00000000000${i}`]));
  await seedReference(database.owner('consent'), { programIds, providerIds: { HIGHLAND: '20000000-0000-4000-8000-000000000001' } });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.drop();
});

const GOOD = 'query Payments {\n  payments(first: 2) {\n    nodes { id status }\n  }\n}\n';

/** Runs the command; what it said, and how it ended. */
async function run(line: string): Promise<{ said: string; ok: boolean }> {
  const said: string[] = [];
  const ok = await runOperations(line.split(' '), { DATABASE_URL: database.adminUrl, COMMONWEAL_DATA: folder }, (text) => said.push(text));
  return { said: said.join('\n'), ok };
}
function write(text: string): string {
  const file = path.join(folder, 'operation.graphql');
  writeFileSync(file, text);
  return file;
}
const FOR_BANK = '--consumer bank --purpose PAYMENT_DELIVERY';
const inForce = async () =>
  (await database.owner('consent')`select operation_id from registered_operation where retired_at is null`).length;

describe('npm run operations -- register', () => {
  it('tells in a dry run what would be given and what it may cost, and registers nothing', async () => {
    expect(await run(`register ${write(GOOD)} ${FOR_BANK} --dry-run`)).toEqual({
      ok: true,
      said: `All that it asks for is given.\nIt may answer with 3 objects of at most 10000.\nDry run: it would be registered as ${documentIdOf(GOOD)}.`,
    });
    expect(await inForce()).toBe(0);
  });

  it('refuses what is hidden from the consumer, with its place, and says that it exists', async () => {
    const { ok, said } = await run(`register ${write('{\n  persons {\n    nodes { birthDate }\n  }\n}')} ${FOR_BANK}`);
    expect(ok).toBe(false);
    expect(said).toContain(':3:13  Cannot query field "birthDate" on type "Person". It exists; it is not shared with bank.');
    expect(said).toContain('Refused: nothing of it would run for bank and PAYMENT_DELIVERY.');
    expect(await inForce()).toBe(0);
  });

  it('refuses what is nowhere, what is no GraphQL, and more than one operation', async () => {
    expect((await run(`register ${write('{ nothing }')} ${FOR_BANK}`)).said).toContain(
      ':1:3  Cannot query field "nothing" on type "Query".\n',
    );
    expect((await run(`register ${write('{ payments {')} ${FOR_BANK}`)).said).toContain('Syntax Error: Expected Name');
    expect((await run(`register ${write('query A { __typename } query B { __typename }')} ${FOR_BANK}`)).said).toContain(
      'not exactly one operation',
    );
    expect((await run(`register ${write(GOOD)} --consumer bank --purpose POLICY`)).said).toContain(
      'Nothing is shared with bank for POLICY (PURPOSE_ABOVE_CEILING).',
    );
  });

  it('names the fields that a consumer asks for in vain, and refuses where all are', async () => {
    const worker = '--consumer county-services --purpose CASE_MANAGEMENT';
    const { ok, said } = await run(`register ${write('{ person(id: "x") { sex accessLog(first: 1) { nodes { at } } } }')} ${worker}`);
    expect(ok).toBe(true);
    expect(said).toContain('Asked for and not given:\n  Person.accessLog\n');
    const none = await run(`register ${write('{ accessLog(first: 1) { nodes { at } } }')} ${worker}`);
    expect([none.ok, none.said.includes('Nothing that it asks for may be seen')]).toEqual([false, true]);
  });

  it('registers once, and again only what was retired', async () => {
    const before = await inForce();
    const line = `register ${write(GOOD)} ${FOR_BANK} --by someone`;
    expect((await run(line)).said).toContain(`Registered for bank and PAYMENT_DELIVERY:\n${documentIdOf(GOOD)}`);
    expect((await run(line)).said).toContain('Registered already for bank and PAYMENT_DELIVERY:');
    expect(await inForce()).toBe(before + 1);
    const list = (await run('list --consumer bank')).said.split('\n');
    expect(list[2]).toMatch(
      new RegExp(
        `^bank +PAYMENT_DELIVERY {2}Payments {2}\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d {2}someone {2}in force {2}${documentIdOf(GOOD)}$`,
      ),
    );
    expect(await run(`retire ${documentIdOf(GOOD)} --consumer bank`)).toEqual({ ok: true, said: 'Retired for 1 purpose.' });
    expect((await run(`retire ${documentIdOf(GOOD)} --consumer bank`)).ok).toBe(false);
    expect((await run(line)).said).toContain('Registered for bank');
  });
});

describe('npm run operations', () => {
  it('sets what a consumer may run', async () => {
    expect(await run('mode REGISTERED --consumer bank')).toEqual({ ok: true, said: 'bank runs registered operations only.' });
    expect((await run('mode ANY --consumer nobody')).ok).toBe(false);
  });

  it('says what is missing or wrong', async () => {
    for (const [line, message] of [
      ['register x.graphql', '--consumer is missing.'],
      [`register ${folder}/none.graphql ${FOR_BANK}`, `There is no file ${folder}/none.graphql.`],
      [`register ${write(GOOD)} --consumer bank --purpose NONE`, 'NONE is no purpose.'],
      [`register ${write(GOOD)} --consumer none --purpose PAYMENT_DELIVERY`, 'There is no consumer none.'],
      ['mode SOME --consumer bank', 'Say register, list, retire, or mode ANY or REGISTERED.'],
      ['list --all', "Unknown option '--all'."],
    ] as const)
      await expect(run(line)).rejects.toThrow(message);
    expect((await run('--help')).said).toContain('npm run operations -- register <file.graphql>');
  });
});
