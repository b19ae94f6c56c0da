import { randomUUID } from 'node:crypto';
import type { Decision, RowScope } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { openPool, type Pool } from './pool.ts';
import { RowSession } from './session.ts';
import { rowSettings, settingsForPerson } from './settings.ts';
import { compile, slot } from './statement.ts';
import type { Together } from './together.ts';
import { single } from './transaction.ts';

let database: TestDatabase;
/** One connection, so that each request gets the one that the request before gave back. */
let pool: Pool;
const statements: string[] = [];

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  pool = openPool(database.urls.persons.appUrl, 'persons', 1, (text) => statements.push(text));
});
beforeEach(() => {
  statements.length = 0;
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

const SETTINGS = {
  ...settingsForPerson('40000000-0000-4000-8000-000000000001'),
  'access.areas': 'KE',
  'access.all_programs': 'on',
  'access.consumer': 'somebody',
};
const KEYS = Object.keys(SETTINGS);
/** Where statements that requests share are run: one connection too. */
const shared = () => ({ connections: pool.shared });
/** The settings that are not empty on the connection, and whether it stands in a transaction: what the next request would find. */
async function left(of: Pick<Pool, 'connections'> = pool): Promise<Record<string, string>> {
  const bare = async (text: string, ...params: unknown[]) => [...(await single(of, text, params))];
  const rows = await bare('select k as key, current_setting(k, true) as value from unnest($1::text[]) k', KEYS);
  const clock = async () =>
    (
      await bare(
        `select now()::text as now, current_setting('statement_timeout') as timeout, current_setting('transaction_read_only') as only`,
      )
    )[0]!;
  const [one, two] = [await clock(), await clock()];
  // Within a transaction the clock would stand still.
  expect([one.timeout, one.only, one.now === two.now]).toEqual(['0', 'off', false]);
  return Object.fromEntries(rows.filter((r) => r.value !== null && r.value !== '').map((r) => [r.key, r.value]));
}
/** Runs a statement over the connection of requests, without any settings. */
const bare = async (text: string, ...params: unknown[]) => [...(await single(pool, text, params))];
const backend = async () => (await bare('select pg_backend_pid() as pid'))[0]!.pid as number;
/** Ends a connection from the server's side, as a restart or a failover does; waits until it is gone. */
async function terminate(pid: number): Promise<void> {
  const admin = postgres(database.adminUrl, { max: 1 });
  await admin`select pg_terminate_backend(${pid}, 5000)`;
  await admin.end();
}
const areas = sql`select current_setting('access.areas', true) as areas`;

describe('the settings of a request hold in its transaction and leave with it', () => {
  it('when it ends well', async () => {
    const session = new RowSession(pool, SETTINGS);
    expect(await session.all(areas)).toEqual([{ areas: 'KE' }]);
    await session.end();
    expect(await left()).toEqual({});
  });

  it('when a statement fails', async () => {
    const session = new RowSession(pool, SETTINGS);
    await expect(session.all(sql`select 1 / 0`)).rejects.toThrow();
    await expect(session.all(areas)).rejects.toThrow();
    await session.end();
    expect(await left()).toEqual({});
  });

  it('when a statement takes too long', async () => {
    const session = new RowSession(pool, SETTINGS);
    await session.all(sql`select set_config('statement_timeout', '30', true)`);
    await expect(session.all(sql`select pg_sleep(5)`)).rejects.toMatchObject({ code: '57014' });
    await session.end();
    expect(await left()).toEqual({});
  });

  it('when a statement is cancelled from outside', async () => {
    const admin = postgres(database.adminUrl, { max: 1 });
    const pid = await backend();
    const session = new RowSession(pool, SETTINGS);
    const slow = session.all(sql`select pg_sleep(5)`).catch((error: { code: string }) => error.code);
    while (
      (await admin`select 1 from pg_stat_activity where pid = ${pid} and query like 'select pg_sleep%' and state = 'active'`).length === 0
    );
    await admin`select pg_cancel_backend(${pid})`;
    expect(await slow).toBe('57014');
    await session.end();
    await admin.end();
    expect(await left()).toEqual({});
  });

  it('when a statement tries to make them last', async () => {
    const session = new RowSession(pool, SETTINGS);
    await session.all(sql`select set_config('access.areas', 'KE.47', true)`);
    await session.end();
    expect(await left()).toEqual({});
  });

  it('when several statements run side by side and one of them fails', async () => {
    const session = new RowSession(pool, SETTINGS);
    const outcomes = await Promise.allSettled([session.all(areas), session.all(sql`select 'x'::int`), session.all(areas)]);
    expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    await session.end();
    expect(await left()).toEqual({});
  });

  it('when a write is done, and when it fails', async () => {
    const session = new RowSession(pool, SETTINGS);
    expect(await session.write((db) => db.all(areas))).toEqual([{ areas: 'KE' }]);
    expect(await left()).toEqual({});
    await expect(session.write((db) => db.all(sql`select 1 / 0`))).rejects.toThrow();
    await expect(session.write(() => Promise.reject(new Error('ours')))).rejects.toThrow('ours');
    await session.end();
    expect(await left()).toEqual({});
  });

  it('when the connection breaks: the next request gets another one', async () => {
    const session = new RowSession(pool, SETTINGS);
    await terminate((await session.all<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]!.pid);
    await expect(session.all(areas)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await session.end();
    expect(await left()).toEqual({});
  });

  it('when it breaks under statements that run and statements that wait: each is told', async () => {
    const pid = await backend();
    const session = new RowSession(pool, SETTINGS);
    const several = Array.from({ length: 5 }, (_, i) => session.all(sql`select pg_sleep(${i + 20}::int), ${i}::int as other`));
    const told = Promise.allSettled(several);
    await terminate(pid);
    expect((await told).map((o) => o.status)).toEqual(Array(5).fill('rejected'));
    await session.end();
    expect(await left()).toEqual({});
  });

  it('when it breaks under a write', async () => {
    const session = new RowSession(pool, SETTINGS);
    const write = session.write(async (db) => {
      await terminate((await db.all<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]!.pid);
      return db.all(areas);
    });
    await expect(write).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await session.end();
    expect(await left()).toEqual({});
  });
});

describe('a request', () => {
  it('that asks for nothing takes no connection', async () => {
    const session = new RowSession(pool, SETTINGS);
    await session.end();
    expect(statements).toEqual([]);
  });

  it('reads in one transaction, which cannot write', async () => {
    const session = new RowSession(pool, SETTINGS);
    await Promise.all([session.all(areas), session.all(areas)]);
    await expect(session.all(sql`insert into inbox (event_id) values (gen_random_uuid())`)).rejects.toMatchObject({ code: '25006' });
    await session.end();
    expect(statements.filter((s) => s.startsWith('begin'))).toEqual(['begin isolation level read committed read only']);
    expect(statements.at(-1)).toBe('rollback');
  });

  it('that has ended starts nothing more: a late resolver would keep a connection for ever', async () => {
    const session = new RowSession(pool, SETTINGS);
    await session.all(areas);
    await session.end();
    await expect(session.all(areas)).rejects.toThrow('ended');
    await session.end();
    expect(await left()).toEqual({});
  });

  it('reads, writes and reads again with one connection', async () => {
    const session = new RowSession(pool, SETTINGS);
    await session.all(areas);
    await session.write((db) => db.all(sql`insert into inbox (event_id) values ('00000000-0000-4000-8000-00000000000a')`));
    expect(await session.all(sql`select 1 as seen from inbox where event_id = '00000000-0000-4000-8000-00000000000a'`)).toEqual([
      { seen: 1 },
    ]);
    await session.end();
  });

  it('keeps nothing of a write that failed', async () => {
    const session = new RowSession(pool, SETTINGS);
    const write = session.write(async (db) => {
      await db.all(sql`insert into inbox (event_id) values ('00000000-0000-4000-8000-00000000000b')`);
      throw new Error('ours');
    });
    await expect(write).rejects.toThrow('ours');
    expect(await session.all(sql`select 1 from inbox where event_id = '00000000-0000-4000-8000-00000000000b'`)).toEqual([]);
    await session.end();
  });

  it('gets days as days and moments in ISO, whatever the zone of the machine', async () => {
    const session = new RowSession(pool, SETTINGS);
    expect(await session.all(sql`select '2024-02-29'::date as day, '2024-02-29 23:30:00-05'::timestamptz as moment`)).toEqual([
      { day: '2024-02-29', moment: '2024-03-01T04:30:00.000Z' },
    ]);
    expect(
      await session.all(sql`select '2024-02-29 23:30:00.7Z'::timestamptz as tenths, '2024-02-29 23:30:00.123987Z'::timestamptz as micros`),
    ).toEqual([{ tenths: '2024-02-29T23:30:00.700Z', micros: '2024-02-29T23:30:00.123Z' }]);
    await session.all(sql`select set_config('timezone', 'Asia/Kolkata', true)`);
    expect(await session.all(sql`select '2024-02-29 23:30:00Z'::timestamptz as moment`)).toEqual([{ moment: '2024-02-29T23:30:00.000Z' }]);
    await session.end();
  });
});

describe('a request that is given up', () => {
  const leaving = () => {
    const gone = new AbortController();
    const session = new RowSession(pool, SETTINGS);
    session.stopWith(gone.signal);
    return { gone, session };
  };

  it('begins no further statement, and gives its connection back clean', async () => {
    const { gone, session } = leaving();
    await session.all(areas);
    gone.abort();
    statements.length = 0;
    await expect(session.all(areas)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await session.end();
    expect(statements).toEqual(['rollback']);
    expect(await left()).toEqual({});
  });

  it('has what runs broken off, and what comes next on its connection is not hit', async () => {
    const { gone, session } = leaving();
    const slow = session.all(sql`select pg_sleep(7)`);
    const began = performance.now();
    setTimeout(() => gone.abort(), 30);
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' });
    session.leave();
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await left()).toEqual({});
  });

  it('finishes the write that it has begun', async () => {
    const { gone, session } = leaving();
    await session.write(async (db) => {
      gone.abort();
      await db.all(sql`select pg_sleep(0.1)`);
      await db.all(sql`insert into inbox (event_id) values ('00000000-0000-4000-8000-00000000000c')`);
    });
    await session.end();
    expect(await bare(`select 1 as kept from inbox where event_id = '00000000-0000-4000-8000-00000000000c'`)).toEqual([{ kept: 1 }]);
  });
});

describe('a statement that requests share', () => {
  const doubled = () =>
    compile(sql`select n::int * 2 as twice from unnest(${slot('n')}::text[]) with ordinality as l (n, place) order by place`, 'by key');
  const doubling = () => new RowSession(pool, SETTINGS).sharing({ statement: doubled(), mode: 'read only' });
  const ask = (together: Together, n: string) => new RowSession(pool, SETTINGS).together<{ twice: number }>(together, { n });

  it('gives each its own row, in few statements', async () => {
    const together = doubling();
    const rows = await Promise.all(Array.from({ length: 40 }, (_, n) => ask(together, String(n))));
    expect(rows.map((r) => r.twice)).toEqual(Array.from({ length: 40 }, (_, n) => 2 * n));
    expect(statements.filter((text) => text.includes('unnest')).length).toBeLessThan(6);
    expect(await left(shared())).toEqual({});
  });

  it('fails for the one whose value is refused, and for nobody else', async () => {
    const together = doubling();
    const rows = await Promise.allSettled(['1', '2', '3', 'x', '5', '6'].map((n) => ask(together, n)));
    expect(rows.map((r) => (r.status === 'fulfilled' ? r.value.twice : r.reason.code))).toEqual([2, 4, 6, '22P02', 10, 12]);
    expect(await left(shared())).toEqual({});
  });

  it('reads only, where it is said to', async () => {
    const writing = compile(
      sql`with w as (insert into inbox (event_id) select e from unnest(${slot('e')}::uuid[]) e returning event_id) select event_id from w`,
      'by key',
    );
    const together = new RowSession(pool, SETTINGS).sharing({ statement: writing, mode: 'read only' });
    const row = new RowSession(pool, SETTINGS).together(together, { e: '00000000-0000-4000-8000-00000000000d' });
    await expect(row).rejects.toMatchObject({ code: '25006' });
    expect(await left(shared())).toEqual({});
  });

  it('has those under one lock come one after another', async () => {
    const counting = compile(
      sql`with seen as materialized (select e, place, (select count(*)::int from inbox) as before from unnest(${slot('e')}::uuid[], ${slot('lock')}::text[]) with ordinality as l (e, lock, place)),
        kept as (insert into inbox (event_id) select e from seen) select before from seen order by place`,
      'by key',
    );
    const together = new RowSession(pool, SETTINGS).sharing({ statement: counting, mode: 'read write', lock: 'lock' });
    const rows = await Promise.all(
      Array.from({ length: 5 }, () =>
        new RowSession(pool, SETTINGS).together<{ before: number }>(together, { e: randomUUID(), lock: 'one' }),
      ),
    );
    expect(new Set(rows.map((r) => r.before)).size).toBe(5);
  });
});

describe('the row settings of a decision', () => {
  const rows = (part: Partial<RowScope>): RowScope => ({
    self: null,
    areas: [],
    programs: [],
    allOrdinaryPrograms: false,
    providers: [],
    allProviders: false,
    consentForRows: false,
    ...part,
  });
  const settings = (...scopes: RowScope[]) =>
    rowSettings({ consumer: 'c', alternatives: scopes.map((r) => ({ rows: r, actions: new Set() })) } as unknown as Decision);

  it('are all empty where nothing is allowed', () => {
    expect({ ...settings(), 'access.consumer': '' }).toEqual(Object.fromEntries(KEYS.map((k) => [k, ''])));
  });

  it('are as wide as the widest alternative in each respect; what is confined to oneself widens nothing', () => {
    const both = settings(
      rows({ areas: ['KE.23'], programs: ['a'], allProviders: true }),
      rows({ areas: ['KE.47', 'KE.23'], allOrdinaryPrograms: true }),
      rows({ self: 'me', areas: ['KE'], allOrdinaryPrograms: true }),
    );
    expect(both).toMatchObject({
      'access.person': 'me',
      'access.areas': 'KE.23,KE.47',
      'access.programs': 'a',
      'access.all_programs': 'on',
      'access.all_providers': 'on',
    });
    expect(settings(rows({ self: 'me', areas: ['KE'], allOrdinaryPrograms: true }))).toMatchObject({
      'access.areas': '',
      'access.all_programs': '',
    });
  });
});
