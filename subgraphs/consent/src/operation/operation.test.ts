import { generateKeyPairSync } from 'node:crypto';
import { openPool, type Pool } from '@commonweal/kit';
import { type TestDatabase, testCatalog, testDatabase } from '@commonweal/kit/testing.ts';
import { documentIdOf } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { IDS } from '../examples.ts';
import { type ConsentRegistrar, createRegistrar } from '../policy/registrar.ts';
import { seedReference } from '../reference.ts';
import { listOperations, registerOperation, retireOperation, setOperationsMode } from './register.ts';

let database: TestDatabase;
let pool: Pool;
let owner: Pool;
let registrar: ConsentRegistrar;
const text = 'query Sex { person(id: "1") { sex } }';
const id = documentIdOf(text);
const sex = { consumer: 'bank', purpose: 'PAYMENT_DELIVERY', name: 'Sex', text, by: 'a person' };

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  owner = openPool(database.urls.consent.migratorUrl, 'consent', 2);
  await seedReference(owner, IDS);
  pool = openPool(database.urls.consent.appUrl, 'consent', 2);
  registrar = createRegistrar(pool, { catalog: testCatalog(), sealKey: generateKeyPairSync('ed25519').privateKey, sealEvery: 0 });
});
afterAll(async () => {
  await registrar?.stop();
  await pool?.end();
  await owner?.end();
  await database?.drop();
});
const book = async () => (await registrar.operations(null))!;

describe('the registered operations', () => {
  it('are none at first, and what is registered is published under the hash of its text', async () => {
    expect(await book()).toEqual({ epoch: 1, operations: [] });
    expect(await registerOperation(owner, sex)).toBe(true);
    expect(await book()).toEqual({ epoch: 2, operations: [{ id, consumer: 'bank', purpose: 'PAYMENT_DELIVERY', name: 'Sex', text }] });
  });

  it('are read again only after one was registered or retired', async () => {
    const { epoch } = await book();
    expect(await registrar.operations(epoch)).toBeNull();
    expect(await registerOperation(owner, sex)).toBe(false);
    expect(await registrar.operations(epoch)).toBeNull();
    expect(await registerOperation(owner, { ...sex, purpose: 'SERVICE_VERIFICATION' })).toBe(true);
    expect((await registrar.operations(epoch))?.operations.map((o) => o.purpose)).toEqual(['PAYMENT_DELIVERY', 'SERVICE_VERIFICATION']);
  });

  it('are not published any more once they are retired, for one purpose or for all, and stay in the list', async () => {
    expect(await retireOperation(owner, { id, consumer: 'clinic' })).toBe(0);
    expect(await retireOperation(owner, { id, consumer: 'bank', purpose: 'SERVICE_VERIFICATION' })).toBe(1);
    expect((await book()).operations.map((o) => o.purpose)).toEqual(['PAYMENT_DELIVERY']);
    expect(await retireOperation(owner, { id, consumer: 'bank' })).toBe(1);
    expect(await retireOperation(owner, { id, consumer: 'bank' })).toBe(0);
    expect((await book()).operations).toEqual([]);
    expect((await listOperations(owner, 'bank')).map((o) => [o.name, o.registeredBy, o.retiredAt !== null])).toEqual([
      ['Sex', 'a person', true],
      ['Sex', 'a person', true],
    ]);
    expect(await listOperations(owner, 'clinic')).toEqual([]);
  });

  it('are taken up again by registering again', async () => {
    expect(await registerOperation(owner, { ...sex, by: 'another' })).toBe(true);
    expect((await book()).operations).toHaveLength(1);
    expect((await listOperations(owner)).filter((o) => o.retiredAt === null).map((o) => o.registeredBy)).toEqual(['another']);
  });

  it('hold no text under another’s hash, whoever writes, and the registry itself writes none', async () => {
    const insert = (sql: Pool, operation: string) =>
      sql`insert into registered_operation (consumer_id, purpose_id, operation_id, name, text, registered_by) values ('clinic', 'SERVICE_VERIFICATION', ${operation}, 'x', '{ x }', 'x')`;
    await expect(insert(owner, id)).rejects.toMatchObject({ code: '23514' });
    await expect(insert(pool, documentIdOf('{ x }'))).rejects.toMatchObject({ code: '42501' });
    await expect(registerOperation(owner, { ...sex, consumer: 'nobody' })).rejects.toMatchObject({ code: '23503' });
  });
});

describe('what a consumer may run', () => {
  const modeOf = async (consumer: string) => (await registrar.policies(null))!.consumers[consumer]?.operations;
  const add = (consumer: string, outside: boolean) =>
    owner`insert into consumer (consumer_id, kind, name, outside_government) values (${consumer}, 'official', 'x', ${outside})`;

  it('is by its row; without a word there, outside government only what is registered', async () => {
    await add('other-bank', true);
    await add('other-office', false);
    expect([await modeOf('bank'), await modeOf('other-bank'), await modeOf('other-office')]).toEqual(['ANY', 'REGISTERED', 'ANY']);
  });

  it('is changed with the policies, and not put back when the reference is seeded again', async () => {
    const { epoch } = (await registrar.policies(null))!;
    expect(await setOperationsMode(owner, 'bank', 'REGISTERED')).toBe(true);
    expect((await registrar.policies(epoch))?.consumers.bank?.operations).toBe('REGISTERED');
    await seedReference(owner, IDS);
    expect(await modeOf('bank')).toBe('REGISTERED');
    expect(await setOperationsMode(owner, 'nobody', 'ANY')).toBe(false);
    await expect(owner`update consumer set operations = 'ALL' where consumer_id = 'bank'`).rejects.toMatchObject({ code: '23514' });
  });
});
