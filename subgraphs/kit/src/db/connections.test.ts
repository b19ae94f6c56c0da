import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sql } from 'drizzle-orm';
import { GraphQLError } from 'graphql';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { formatError } from '../graph/errors.ts';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { openPool, type Pool } from './pool.ts';
import { RowSession } from './session.ts';
import { settingsForPerson } from './settings.ts';

let database: TestDatabase;
/** Two connections. */
let pool: Pool;

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
});
beforeEach(() => {
  pool = openPool(database.urls.persons.appUrl, 'persons', 2);
});
afterEach(() => pool.end());
afterAll(() => database?.drop());

const SETTINGS = settingsForPerson('40000000-0000-4000-8000-000000000001');

/** One request that runs one statement: the id of the server's process that it met, after so many seconds. */
async function request(seconds = 0): Promise<number> {
  const session = new RowSession(pool, SETTINGS);
  try {
    const [row] = await session.all<{ pid: number }>(sql`select pg_backend_pid() as pid, pg_sleep(${seconds}::float)`);
    return row!.pid;
  } finally {
    await session.end();
  }
}

/** Ends connections from the server's side, as a restart or a failover does; waits until they are gone. */
async function terminate(...pids: number[]): Promise<void> {
  const admin = postgres(database.adminUrl, { max: 1 });
  for (const pid of pids) await admin`select pg_terminate_backend(${pid}, 5000)`;
  await admin.end();
}

it('requests one after another get the connection that was used last', async () => {
  const first = await request();
  const later = [await request(), await request(), await request()];
  expect(new Set([first, ...later]).size).toBe(1);
});

it('more requests than connections wait for their turn, in the order in which they came', async () => {
  const order: number[] = [];
  const pids = await Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      const pid = await request(n === 0 ? 0.3 : 0.01);
      order.push(n);
      return pid;
    }),
  );
  expect(order).toEqual([1, 2, 3, 4, 5, 6, 7, 0]);
  expect(new Set(pids).size).toBe(2);
});

it('a connection that breaks while nobody uses it is replaced, and nobody notices', async () => {
  const broken = await request();
  await terminate(broken);
  expect(await request()).not.toBe(broken);
});

it('a connection whose transaction may not have ended is not used again', async () => {
  const left = await request();
  const connection = await pool.connections.take();
  await connection.send('begin');
  pool.connections.give(connection, false);
  expect(await request()).not.toBe(left);
});

it('when all connections break, those who use them are told, and those who wait get others', async () => {
  const using = await Promise.all([request(0.05), request(0.05)]);
  const told = Promise.allSettled([request(5), request(5)]);
  const waiting = Promise.all([request(), request(), request()]);
  await terminate(...using);
  expect((await told).map((one) => one.status)).toEqual(['rejected', 'rejected']);
  expect(using).not.toContain((await waiting)[0]);
});

it('when the database cannot be reached, each request is told', async () => {
  const gone = openPool(database.urls.persons.appUrl.replace(/:\d+\//, ':1/'), 'persons', 1);
  const ask = () => new RowSession(gone, SETTINGS).all(sql`select 1`);
  const told = await Promise.allSettled([ask(), ask(), ask()]);
  expect(told.map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
  await gone.end({ timeout: 1 });
});

it('a request whose connection breaks is told that it may try again, however the system, the driver or the server puts it', async () => {
  const codes: unknown[] = [];
  for (let n = 0; n < 40; n += 1) {
    const pid = await request();
    const killed = terminate(pid);
    // At any moment before, while and after the connection breaks.
    for (let k = 0; k < 30; k += 1) {
      await request().catch((originalError: Error) => {
        const thrown = new GraphQLError('in a resolver', { originalError });
        codes.push(formatError(thrown, 'r', () => {}).extensions?.code);
      });
    }
    await killed;
  }
  expect(new Set(codes)).toEqual(new Set(['UNAVAILABLE']));
});

it('a statement over a reserved connection that has broken fails, one that waited too, and the process goes on', async () => {
  const reserved = await pool.reserve();
  const [row] = await reserved<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const waiting = Promise.allSettled(Array.from({ length: 200 }, () => reserved`select pg_sleep(10)`.execute()));
  await terminate(row!.pid);
  expect(new Set((await waiting).map((one) => one.status))).toEqual(new Set(['rejected']));
  for (let n = 0; n < 4; n += 1) expect(await pool`select 1 as one`).toEqual([{ one: 1 }]);
  await expect(reserved`select 1`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
});

it('of a transaction of the driver whose connection breaks, nothing is done outside of it over the next connection', async () => {
  const client = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
  await client`create table half_done (step int)`;
  const { promise: tried, resolve: hasTried } = Promise.withResolvers<void>();
  const transaction = client.begin(async (tx) => {
    await tx`insert into half_done values (1)`;
    const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await terminate(row!.pid);
    // Somebody else makes the client connect again.
    await client`select 1`;
    await tx`insert into half_done values (2)`.catch(() => {});
    hasTried();
  });
  await expect(transaction).rejects.toMatchObject({ code: expect.stringMatching(/^CONNECTION_|^57P01$/) });
  // The transaction is over as soon as its connection is; its work goes on.
  await tried;
  expect(await client`select step from half_done`).toEqual([]);
  await client.end();
});

it('a statement that fails leaves nothing behind in the driver', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const client = postgres(database.urls.persons.appUrl, { max: 1 });
  const used = async (failing: number) => {
    for (let n = 0; n < failing; n++) {
      // A text of its own, all of it, unlike one that is joined. Not by `expect`, which keeps what it was given until the test is over.
      const text = Buffer.alloc(20_000, `select 1 / 0 -- ${n} `).toString();
      const failed = await client.unsafe(text).catch((error: { code: string }) => error.code);
      if (failed !== '22012') throw new Error('not a division by zero');
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await used(20);
  expect((await used(300)) - before).toBeLessThan(2_000_000);
  await client.end();
});
