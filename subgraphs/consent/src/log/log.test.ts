import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPool, type Pool, References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testCatalog, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { type AuditRecord, type Principal, personaPrincipal, referenceSnapshot } from '@commonweal/schema';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { exampleRecord, ID, IDS, tellExamples } from '../examples.ts';
import { consent } from '../index.ts';
import { type ConsentRegistrar, createRegistrar, type RegistrarOptions } from '../policy/registrar.ts';

let database: TestDatabase;
let pool: Pool;
let registrar: ConsentRegistrar;
const sealKey = generateKeyPairSync('ed25519').privateKey;
const make = (options: Partial<RegistrarOptions> = {}) =>
  createRegistrar(pool, { catalog: testCatalog(), sealKey, sealEvery: 0, ...options });
const sql = () => database.owner('consent');
const count = async (table: string) => Number((await sql().unsafe(`select count(*) as n from ${table}`))[0]?.n);

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  pool = openPool(database.urls.consent.appUrl, 'consent', 4);
  registrar = make();
});
afterEach(() => sql()`truncate access_log, access_log_person, access_seal`);
afterAll(async () => {
  await registrar?.stop();
  await pool?.end();
  await database?.drop();
});

describe('writing', () => {
  it('keeps who asked what about whom, and no value', async () => {
    await registrar.audit([
      exampleRecord({ denied: ['Person.incomeLevel'], errors: { FORBIDDEN_FIELD: 1 } }, [ID.ekiru, ID.akai, ID.ekiru]),
    ]);
    const [row] =
      await sql()`select consumer_id, user_id, purpose_id, lawful_basis, operation_name, person_count, counts, outcome, seal, length(leaf) as leaf from access_log`;
    expect(row).toEqual({
      consumer_id: 'county-services',
      user_id: 'case-worker-1',
      purpose_id: 'CASE_MANAGEMENT',
      lawful_basis: 'PUBLIC_TASK',
      operation_name: 'Visit',
      person_count: 2,
      counts: { rows: { persons: 3 }, withheld: {}, errors: { FORBIDDEN_FIELD: 1 } },
      outcome: 'OK',
      seal: null,
      leaf: 32,
    });
    expect(await sql()`select person_id from access_log_person order by person_id`).toEqual([
      { person_id: ID.ekiru },
      { person_id: ID.akai },
    ]);
    const sets = await sql()`select coordinates, categories from field_set order by coordinates`;
    expect(sets).toEqual([
      { coordinates: ['Person.incomeLevel'], categories: ['SOCIOECONOMIC'] },
      { coordinates: ['Person.name', 'Person.phones', 'PersonName.full'], categories: ['NAME', 'CONTACT'] },
    ]);
  });

  it('writes a record once, however often it is sent', async () => {
    const record = exampleRecord();
    await registrar.audit([record, record]);
    await registrar.audit([record]);
    expect([await count('access_log'), await count('access_log_person')]).toEqual([1, 1]);
  });

  it('takes the records of many requests in few commits', async () => {
    await Promise.all(Array.from({ length: 200 }, () => registrar.audit([exampleRecord()])));
    expect(await count('access_log')).toBe(200);
    expect(await commits()).toBeLessThan(20);
  });

  it('fails only the request whose record cannot be kept', async () => {
    const bad = exampleRecord({ operationName: 'a\u0000b' });
    const all = await Promise.allSettled(
      [...Array.from({ length: 5 }, () => exampleRecord()), bad, exampleRecord()].map((r) => registrar.audit([r])),
    );
    expect(all.map((r) => r.status)).toEqual([...Array(5).fill('fulfilled'), 'rejected', 'fulfilled']);
    expect(await count('access_log')).toBe(6);
    await expect(registrar.audit([exampleRecord({ id: 'x' })])).rejects.toThrow('no id');
    await expect(registrar.audit([exampleRecord({ at: 'yesterday' })])).rejects.toThrow('Invalid time');
  });

  it('takes sets of fields that are new to several processes at once, in whatever order they come', async () => {
    const records = ['a', 'b', 'c'].map((name) => exampleRecord({ denied: [`Person.${name}`] }));
    const processes = [make(), make()];
    const written: Promise<void>[] = [];
    // Somebody is just storing the one in the middle, so that each process stands before it with what it has stored by then.
    const before = sql()
      .begin(async (tx) => {
        await tx`insert into field_set values (${createHash('sha256').update('Person.b').digest()}, '{}', '{}')`;
        written.push(processes[0]!.audit(records), processes[1]!.audit(records.toReversed().map((r) => ({ ...r, id: randomUUID() }))));
        while ((await tx`select 1 from pg_locks where locktype = 'transactionid' and not granted`).length < 2) await sleep(5);
        throw new Error('no more');
      })
      .catch(() => {});
    await before;
    await Promise.all(written);
    expect(await count('access_log')).toBe(6);
    for (const r of processes) await r.stop();
  });

  it('rejects when the database does not answer', async () => {
    const gone = openPool(database.urls.consent.appUrl.replace(/:\d+\//, ':1/'), 'consent', 1);
    const other = createRegistrar(gone, { catalog: testCatalog(), sealKey, sealEvery: 0 });
    await expect(other.audit([exampleRecord()])).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await other.stop();
    await gone.end({ timeout: 1 });
  });
});

/** Transactions that wrote the records, by the ids that the rows carry: the counter of the server also counts what other databases write meanwhile. */
const commits = async () => Number((await sql()`select count(distinct xmin::text) as n from access_log`)[0]?.n);

describe('sealing that lags', () => {
  const old = (seconds: number) => exampleRecord({ at: new Date(Date.now() - seconds * 1000).toISOString() });

  it('stops everything once a record waits too long for its seal, and starts it again when it is sealed', async () => {
    const strict = make({ lagLimit: 60_000 });
    await strict.audit([old(50)]);
    const late = make({ lagLimit: 40_000 });
    await expect(late.audit([exampleRecord()])).rejects.toThrow(/not been sealed/);
    expect(await count('access_log')).toBe(1);
    expect(await late.sealNow()).toBe(1);
    const recovered = make({ lagLimit: 40_000 });
    await recovered.audit([exampleRecord()]);
    for (const r of [strict, late, recovered]) await r.stop();
  });

  it('is not what was left without a seal when the system was stopped: that is sealed first', async () => {
    const before = make({});
    await before.audit([old(50)]);
    await before.stop();
    const restarted = [make({ sealEvery: 1000, lagLimit: 40_000 }), make({ sealEvery: 1000, lagLimit: 40_000 })];
    await expect(Promise.all(restarted.map((r) => r.audit([exampleRecord()])))).resolves.toHaveLength(2);
    for (const r of restarted) await r.stop();
  });

  it('does not come about while there is nothing to seal', async () => {
    await registrar.audit([exampleRecord()]);
    await registrar.sealNow();
    const strict = make({ lagLimit: 1 });
    await expect(strict.audit([exampleRecord()])).resolves.toBeUndefined();
    await strict.stop();
  });
});

describe('reading', () => {
  let registry: TestSubgraph;
  const citizens = new References(TEST_SECRET, 'self-service');
  const ekiru = personaPrincipal('beneficiary', { person: ID.ekiru });
  const bank = { consumer: 'bank', user: 'bank-system', purpose: 'PAYMENT_DELIVERY', lawfulBasis: 'CONTRACT', operationName: 'Payout' };
  const minutesAgo = (n: number) => new Date(Date.now() - n * 60_000).toISOString();
  const store = (records: AuditRecord[]) => registrar.audit(records).then(() => registrar.sealNow());
  const log = async (principal: Principal, filter = '') => {
    const answer = await registry.ask(
      principal,
      `{ accessLog${filter} { nodes { consumer consumerName purpose operation persons outcome } } }`,
    );
    return (answer.data as { accessLog: { nodes: { consumer: string; operation: string | null }[] } | null }).accessLog?.nodes;
  };
  const own = async (principal: Principal, person: string, group = citizens, args = '') => {
    const answer = await registry.ask(
      principal,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { accessLog${args} { nodes { consumer consumerName purpose lawfulBasis categories operation persons } pageInfo { endCursor } } } } }`,
      { r: [{ __typename: 'Person', id: group.encode('per', person) }] },
    );
    return (answer.data as { _entities: ({ accessLog: { nodes: object[]; pageInfo: { endCursor: string } } | null } | null)[] })
      ._entities[0]?.accessLog;
  };

  beforeAll(async () => {
    registry = await testSubgraph(consent, database, referenceSnapshot({ programs: IDS.programIds, providers: IDS.providerIds }));
  });
  afterAll(() => registry?.stop());

  it('gives an auditor all, newest first, a page at a time', async () => {
    await store([
      exampleRecord({ at: minutesAgo(0.3) }),
      exampleRecord({ ...bank, at: minutesAgo(0.2) }),
      exampleRecord({ at: minutesAgo(0.1), outcome: 'REFUSED' }, []),
    ]);
    expect((await log(personaPrincipal('auditor')))?.map((r) => r.consumer)).toEqual(['county-services', 'bank', 'county-services']);
    expect((await log(personaPrincipal('auditor'), '(filter: { consumer: "bank" })'))?.map((r) => r.operation)).toEqual(['Payout']);
    expect((await log(personaPrincipal('auditor'), '(filter: { purpose: "PAYMENT_DELIVERY" })'))?.map((r) => r.operation)).toEqual([
      'Payout',
    ]);
    expect(await log(personaPrincipal('auditor'), `(filter: { from: "${minutesAgo(0.25)}", to: "${minutesAgo(0.15)}" })`)).toHaveLength(1);
    const one = await registry.ask(personaPrincipal('auditor'), '{ accessLog(first: 2) { pageInfo { hasNextPage endCursor } } }');
    const { endCursor } = (one.data as { accessLog: { pageInfo: { endCursor: string } } }).accessLog.pageInfo;
    expect(await log(personaPrincipal('auditor'), `(first: 2, after: "${endCursor}")`)).toHaveLength(1);
    const stolen = await registry.ask(
      personaPrincipal('system-admin'),
      `{ accessLog(first: 2, after: "${endCursor}") { nodes { consumer } } }`,
    );
    expect(stolen.errors?.[0]?.extensions?.code).toBe('INVALID_CURSOR');
  });

  it.each([
    ['a moment without a zone', { from: '2024-05-31 08:00' }],
    ['a moment with words', { from: 'Jan 1 2024 (about)' }],
    ['a year that no calendar here has', { to: '+275760-09-13T00:00:00Z' }],
    ['a zone that no place on earth has', { to: '2024-01-01T00:00:00+18:00' }],
    ['a text that no database can hold', { consumer: 'bank\u0000' }],
    ['a condition that is null, without which there would be more', { consumer: null }],
  ])('refuses %s as what the caller gave, not as a fault of its own', async (_, filter) => {
    const query = 'query ($f: AccessLogFilter) { accessLog(filter: $f) { nodes { at } } }';
    const answer = await registry.ask(personaPrincipal('auditor'), query, { f: filter });
    expect(answer.errors?.map((e) => e.extensions?.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('gives an administrator that somebody looked, and not at which kinds of data', async () => {
    await store([exampleRecord()]);
    expect(await log(personaPrincipal('system-admin'))).toHaveLength(1);
    const answer = await registry.ask(personaPrincipal('system-admin'), '{ accessLog { nodes { categories } } }');
    expect(answer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN_FIELD');
  });

  it('gives a program office its own records only', async () => {
    await store([
      exampleRecord(),
      exampleRecord({ consumer: 'opct-office', purpose: 'PROGRAM_MANAGEMENT', operationName: 'List' }),
      exampleRecord(bank),
    ]);
    expect((await log(personaPrincipal('program-admin')))?.map((r) => r.operation)).toEqual(['List']);
    expect(await log(personaPrincipal('program-admin-2'))).toEqual([]);
    expect(await log(ekiru)).toEqual([]);
    expect(await log(personaPrincipal('case-worker'))).toBeUndefined();
  });

  it('gives a person who looked at their data, for what and at which kinds: theirs alone', async () => {
    await store([exampleRecord({ at: minutesAgo(0.2) }), exampleRecord({ ...bank, at: minutesAgo(0.1) }), exampleRecord({}, [ID.akai])]);
    expect((await own(ekiru, ID.ekiru))?.nodes).toEqual([
      {
        consumer: 'bank',
        consumerName: 'Highland Savings Bank',
        purpose: 'PAYMENT_DELIVERY',
        lawfulBasis: 'CONTRACT',
        categories: ['NAME', 'CONTACT'],
        operation: null,
        persons: null,
      },
      {
        consumer: 'county-services',
        consumerName: 'County Social Services',
        purpose: 'CASE_MANAGEMENT',
        lawfulBasis: 'PUBLIC_TASK',
        categories: ['NAME', 'CONTACT'],
        operation: null,
        persons: null,
      },
    ]);
    const first = await own(ekiru, ID.ekiru, citizens, '(first: 1)');
    expect((await own(ekiru, ID.ekiru, citizens, `(first: 1, after: "${first?.pageInfo.endCursor}")`))?.nodes).toMatchObject([
      { consumer: 'county-services' },
    ]);
    expect(await own(ekiru, ID.akai)).toBeUndefined();
  });

  it('gives nobody else a person’s share', async () => {
    await store([exampleRecord()]);
    const government = new References(TEST_SECRET, 'government');
    for (const persona of ['program-admin', 'auditor'])
      expect((await own(personaPrincipal(persona), ID.ekiru, government))?.nodes).toEqual([]);
    expect(await own(personaPrincipal('case-worker'), ID.ekiru, government)).toBeNull();
    expect((await own({ ...personaPrincipal('program-admin'), person: ID.ekiru }, ID.ekiru, government))?.nodes).toEqual([]);
  });

  it('shows an investigation that was hidden on the day it may be known', async () => {
    const record = exampleRecord();
    await registrar.audit([record]);
    await sql()`update access_log_person set hidden_until = now() + interval '1 day'`;
    expect((await own(ekiru, ID.ekiru))?.nodes).toEqual([]);
    await sql()`update access_log_person set hidden_until = now() - interval '1 second'`;
    expect((await own(ekiru, ID.ekiru))?.nodes).toHaveLength(1);
  });

  it('shows nothing past the row security, whatever a statement asks', async () => {
    await store([exampleRecord(), exampleRecord(bank)]);
    const rows = (consumer: string, person: string, all: string) =>
      pool.begin(async (tx) => {
        await tx`select set_config('access.consumer', ${consumer}, true), set_config('access.person', ${person}, true), set_config('access.audit_all', ${all}, true)`;
        return [(await tx`select 1 from access_log`).length, (await tx`select 1 from access_log_person`).length];
      });
    expect(await rows('', '', '')).toEqual([0, 0]);
    expect(await rows('bank', ID.akai, '')).toEqual([1, 0]);
    expect(await rows('%', randomUUID(), 'off')).toEqual([0, 0]);
    expect(await rows('', ID.ekiru, 'on')).toEqual([2, 2]);
  });
});
