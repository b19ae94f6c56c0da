import { connect, createServer, type Server, type Socket } from 'node:net';
import { sql } from 'drizzle-orm';
import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { formatError } from '../graph/errors.ts';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { openPool } from './pool.ts';
import { RowSession } from './session.ts';
import { settingsForPerson } from './settings.ts';

let database: TestDatabase;
let proxy: Server;
/** Bytes from the server after which the next connections break, how many of them there still are, and whether it goes on. */
let cut = { after: 0, times: 0, how: 'end' as 'end' | 'resetAndDestroy', isOn: false };
/** Bytes that the server has sent over the connection opened last. */
let sent = 0;

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  const { hostname, port } = new URL(database.urls.persons.appUrl);
  proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    const mine = cut;
    const isMeant = mine.times > 0;
    mine.times -= 1;
    let seen = 0;
    const both = (work: (socket: Socket) => void) => [client, server].forEach(work);
    both((socket) => socket.on('error', () => {}).on('close', () => both((other) => other.destroy())));
    client.pipe(server);
    server.on('data', (bytes: Buffer) => {
      const rest = isMeant && mine.isOn ? Math.max(0, mine.after - seen) : bytes.length;
      seen += bytes.length;
      sent = seen;
      client.write(bytes.subarray(0, rest));
      if (rest < bytes.length) both((socket) => (socket === client ? socket[mine.how]() : socket.destroy()));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => proxy.once('listening', resolve));
});
afterAll(async () => {
  proxy?.close();
  await database?.drop();
});

/** One request: its row, or the code that whoever asked is told. */
async function request(pool: ReturnType<typeof openPool>): Promise<unknown> {
  const session = new RowSession(pool, settingsForPerson('40000000-0000-4000-8000-000000000001'));
  try {
    const [row] = await session.all<{ answer: string[] }>(sql`select array[${'yes'}::text] as answer`);
    return row?.answer;
  } catch (error) {
    return formatError(new GraphQLError('in a resolver', { originalError: error as Error }), 'r', () => {}).extensions?.code;
  } finally {
    await session.end();
  }
}

/** Bytes that the server sends for one connection that serves one request. */
async function bytesOfOne(url: string): Promise<number> {
  const pool = openPool(url, 'persons', 1);
  expect(await request(pool)).toEqual(['yes']);
  const whole = sent;
  await pool.end();
  return whole;
}

const steps = (from: number, to: number, many: number): number[] =>
  Array.from({ length: many }, (_, n) => Math.round(from + ((to - from) * n) / many));

it.each(['end', 'resetAndDestroy'] as const)(
  'wherever a connection breaks (%s), in its opening or in a request, each request has its answer or is told, and later ones are served',
  { timeout: 120_000 },
  async (how) => {
    const url = Object.assign(new URL(database.urls.persons.appUrl), {
      hostname: '127.0.0.1',
      port: (proxy.address() as { port: number }).port,
    });
    const whole = await bytesOfOne(url.href);
    const told = new Set<string>();
    // Some in each part of the opening, most of whose bytes are types, and more in the request, which comes last.
    for (const after of [...steps(0, whole, 20), ...steps(whole - 500, whole, 34)]) {
      cut = { after, times: 2, how, isOn: true };
      const pool = openPool(url.href, 'persons', 2);
      const single = pool`select 1 as one`.catch(() => {});
      const [, ...answers] = await Promise.all([single, request(pool), request(pool), request(pool)]);
      for (const answer of answers) told.add(String(answer));
      cut.isOn = false;
      // The first of them may still meet a connection that breaks just now.
      const later = [await request(pool), await request(pool), await request(pool)];
      expect(later.at(-1)).toEqual(['yes']);
      expect(await pool`select 1 as one`).toEqual([{ one: 1 }]);
      await pool.end();
    }
    expect([...told].toSorted()).toEqual(['UNAVAILABLE', 'yes']);
  },
);

it('a registry is connected again soon after its database is back, however long that was away', { timeout: 60_000 }, async () => {
  const url = new URL(database.urls.persons.appUrl);
  const away = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => away.once('listening', resolve));
  const { port } = away.address() as { port: number };
  await new Promise((resolve) => away.close(resolve));
  const pool = openPool(Object.assign(new URL(url), { hostname: '127.0.0.1', port }).href, 'persons', 1);
  // The waits of the driver itself would be at twenty seconds after these.
  for (let n = 0; n < 9; n += 1) await expect(pool`select 1`).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const back = createServer((client) => {
    const server = connect(Number(url.port), url.hostname);
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => {});
  }).listen(port, '127.0.0.1');
  const soon = new Promise((resolve) => setTimeout(resolve, 5000, 'not yet'));
  expect(await Promise.race([pool`select 1 as one`.catch(() => pool`select 1 as one`), soon])).toEqual([{ one: 1 }]);
  await pool.end();
  back.close();
});
