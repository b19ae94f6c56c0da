import { connect, createServer, type Server } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { openPool, type Pool } from './pool.ts';
import { type Db, RowSession } from './session.ts';
import { settingsForPerson } from './settings.ts';
import { compile, slot } from './statement.ts';

let database: TestDatabase;
/** One connection, so that what one request leaves behind is what the next one finds. */
let pool: Pool;

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
});
afterEach(() => pool?.end());
afterAll(() => database?.drop());

const open = (url = database.urls.persons.appUrl) => openPool(url, 'persons', 1);
const SETTINGS = { ...settingsForPerson('40000000-0000-4000-8000-000000000001'), 'access.areas': 'KE' };
const session = () => new RowSession(pool, SETTINGS);
/** What a request finds that comes after another one, and stays for some seconds. */
async function next(seconds = 0): Promise<unknown> {
  const later = session();
  const found = await later
    .all(sql`select current_setting('access.areas', true) as areas from pg_sleep(${seconds})`)
    .catch((e: unknown) => e);
  await later.end();
  return found;
}
const MINE = [{ areas: 'KE' }];

describe('what a request that was given up has broken off', () => {
  let proxy: Server;
  /** What becomes of connections after the first one, by which the server is told to break off. */
  let other: 'late' | 'refused';
  afterEach(() => proxy.close());

  async function throughProxy(): Promise<Pool> {
    const url = new URL(database.urls.persons.appUrl);
    let many = 0;
    proxy = createServer((client) => {
      const pass = () => {
        const server = connect(Number(url.port), url.hostname);
        for (const socket of [client, server]) socket.on('error', () => {});
        client.pipe(server).pipe(client);
      };
      many += 1;
      if (many === 1) pass();
      else if (other === 'late') setTimeout(pass, 150);
      else client.resetAndDestroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => proxy.once('listening', resolve));
    const { port } = proxy.address() as { port: number };
    return open(Object.assign(new URL(url), { hostname: '127.0.0.1', port }).href);
  }

  it.each(['late', 'refused'] as const)(
    'is nobody else’s statement, and ends no process, when the word to the server is %s',
    async (how) => {
      other = how;
      pool = await throughProxy();
      const gone = new AbortController();
      const left = session();
      left.stopWith(gone.signal);
      const unheard: unknown[] = [];
      const hear = (error: unknown) => void unheard.push(error);
      process.on('unhandledRejection', hear);
      await left.all(sql`select 1`);
      // Ends by itself while the word is on its way.
      const slow = left.all(sql`select pg_sleep(0.2)`).catch(() => {});
      setTimeout(() => gone.abort(), 100);
      await slow;
      left.leave();
      expect(await next(0.4)).toEqual(MINE);
      await sleep(20);
      process.off('unhandledRejection', hear);
      expect(unheard).toEqual([]);
    },
  );
});

describe('a statement is run within its transaction or not at all', () => {
  it.each([1, 2])('when a table has changed, before others and behind them: nobody gets another one’s rows', async (place) => {
    pool = open();
    const owner = database.owner('persons');
    const table = owner(`changing_${place}`);
    await owner`create table ${table} (n int, v int)`;
    await owner`insert into ${table} values (1, 1)`;
    await owner`grant select on ${table} to public`;
    const areas = sql`current_setting('access.areas', true)`;
    const n = sql`unnest(${slot('n')}::int[]) with ordinality as l (n, place)`;
    const name = sql.identifier(`changing_${place}`);
    const changing = compile(sql`select ${areas} as areas, v from ${n} join ${name} using (n) order by place`, 'by key');
    const other = compile(sql`select ${areas} as areas, 'other' as v from ${n} order by place`, 'by key');
    const asking = [changing, other].map((statement, who) => {
      const one = new RowSession(pool, { ...SETTINGS, 'access.areas': `KE.${who}` });
      const shared = one.sharing({ statement, mode: 'read only' });
      return () => one.together(shared, { n: 1 }).catch((error: { code: string }) => error.code);
    });
    const [asks, asksOther] = asking as [() => Promise<unknown>, () => Promise<unknown>];
    const all = () => Promise.all(place === 1 ? [asks(), asksOther(), asksOther()] : [asksOther(), asks(), asksOther()]);
    const right = (of: unknown[]) => of.filter((row) => (row as { v: string }).v === 'other');
    // Until they have names on the server.
    for (let i = 0; i < 4; i++) expect(right(await all())).toEqual(Array(2).fill({ areas: 'KE.1', v: 'other' }));
    await owner`alter table ${table} alter column v type text`;
    const told = await all();
    expect(right(told)).toEqual(Array(2).fill({ areas: 'KE.1', v: 'other' }));
    expect(told).toContain('CONNECTION_CLOSED');
    expect(await asks()).toEqual({ areas: 'KE.0', v: '1' });
  });

  it('when a table has changed: nothing is written once more, outside of its transaction', async () => {
    pool = open();
    const owner = database.owner('persons');
    await owner`create table written_once (n int, v int)`;
    await owner`grant select, insert on written_once to public`;
    const writing = compile(
      sql`with given as (insert into written_once (n, v) select n, 1 from unnest(${slot('n')}::int[]) as n returning n, v)
        select given.n, given.v from given join unnest(${slot('n')}::int[]) with ordinality as l (n, place) using (n) order by place`,
      'by key',
    );
    const shared = session().sharing({ statement: writing, mode: 'read write' });
    const write = (n: number) => session().together(shared, { n });
    for (const n of [1, 2, 3, 4]) expect(await write(n)).toEqual({ n, v: 1 });
    await owner`alter table written_once alter column v type text`;
    await expect(write(5)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    // Behind whatever may still be on its way.
    await next(0.2);
    expect((await owner`select n from written_once order by n`).map((row) => row.n)).toEqual([1, 2, 3, 4]);
    expect(await write(6)).toEqual({ n: 6, v: '1' });
  });

  it('when a table has changed while a request reads one thing after another: none of them is empty', async () => {
    pool = open();
    const owner = database.owner('persons');
    await owner`create table read_on (v int)`;
    await owner`grant select on read_on to public`;
    const changed = (one: RowSession) => one.all(sql`select v from read_on where v > ${0}::int`);
    const read = (one: RowSession, n: number) => one.all(sql`select ${n}::int as n`);
    for (const type of Array.from({ length: 30 }, (_, n) => (n % 2 ? 'int' : 'bigint'))) {
      for (let i = 0; i < 4; i++) {
        const before = session();
        await Promise.all([changed(before), read(before, i)]);
        await before.end();
      }
      await owner.unsafe(`alter table read_on alter column v type ${type}`);
      const one = session();
      const given: unknown[] = [];
      const note = (reading: Promise<unknown>) => reading.then((rows) => given.push(rows)).catch(() => {});
      const all = [note(changed(one))];
      // At each moment until it is known that the first has failed.
      for (let n = 0; n < 40; n++) {
        await setImmediate();
        all.push(note(read(one, n)));
      }
      await Promise.all(all);
      expect(given).toEqual([]);
      await one.end();
    }
  });

  it('when a write gives it too late', async () => {
    pool = open();
    let late: Db | undefined;
    await session().write(async (db) => {
      await db.all(sql`select 1`);
      late = db;
    });
    await expect(late!.all(sql`select 1`)).rejects.toThrow('The transaction has ended.');
    expect(await next()).toEqual(MINE);
  });

  it('when a value is missing: what comes next is answered', async () => {
    pool = open();
    for (let i = 0; i < 3; i++) await next();
    const wrong = session();
    const statement = { text: 'select $1::text', params: [undefined], slots: [], planned: 'by value' } as const;
    await expect(wrong.all(statement)).rejects.toThrow('no value for one');
    await wrong.end();
    expect(await next()).toEqual(MINE);
  });
});
