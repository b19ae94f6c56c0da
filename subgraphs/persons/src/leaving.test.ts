import { setTimeout as sleep } from 'node:timers/promises';
import { serveSubgraph } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { HOP_HEADER, personaPrincipal, referenceSnapshot } from '@commonweal/schema';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, tellExamples } from './examples.ts';
import { persons } from './index.ts';

let database: TestDatabase;
let registry: TestSubgraph;
let server: Awaited<ReturnType<typeof serveSubgraph>>;
let admin: postgres.Sql;
const worker = personaPrincipal('case-worker');
const QUERY = '{ persons(first: 1) { nodes { id } } }';

/** Statements of this registry that run now, and what they wait for. */
const running = async () =>
  (
    await admin`select query from pg_stat_activity where application_name = 'commonweal persons' and state = 'active' and wait_event_type = 'Lock'`
  ).length;
async function until(wanted: number): Promise<void> {
  for (let n = 0; (await running()) !== wanted; n++) {
    if (n > 150) throw new Error(`not ${wanted} but ${await running()} statements wait`);
    await sleep(20);
  }
}
/** Has all reading of persons wait for as long as the work takes. */
async function whileNobodyMayRead(work: () => Promise<void>): Promise<void> {
  const other = await admin.reserve();
  await other`begin`;
  await other`lock table persons.person in access exclusive mode`;
  try {
    await work();
  } finally {
    await other`rollback`;
    other.release();
  }
}
const TOPOLOGIES = {
  'in one process': (signal: AbortSignal): Promise<unknown> => registry.ask(worker, QUERY, {}, signal),
  'as a service': (signal: AbortSignal): Promise<unknown> =>
    fetch(`http://127.0.0.1:${server.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [HOP_HEADER]: registry.hop(worker, QUERY) },
      body: JSON.stringify({ query: QUERY }),
      signal,
    }).catch(() => null),
};

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  admin = postgres(database.adminUrl, { max: 3, onnotice: () => {} });
  registry = await testSubgraph(
    persons,
    database,
    referenceSnapshot({ programs: { OPCT: ID.opct, HSNP: ID.hsnp }, providers: { HIGHLAND: ID.highland } }),
  );
  server = await serveSubgraph(registry.subgraph, { host: '127.0.0.1', port: 0, secret: TEST_SECRET, internal: {} });
});
afterAll(async () => {
  await server?.stop();
  await admin?.end();
  await database?.drop();
});

describe.each(Object.entries(TOPOLOGIES))('a client that leaves, %s', (_, ask) => {
  it('ends the statement that runs for it, and the next one finds a clean connection', async () => {
    const gone = new AbortController();
    await whileNobodyMayRead(async () => {
      const asked = ask(gone.signal);
      await until(1);
      gone.abort();
      await until(0);
      await asked;
    });
    expect((await registry.ask(worker, QUERY)).errors).toBeUndefined();
    expect(registry.logged).toEqual([]);
  });

  it('ends as many statements as left, or lets them run into their time limit, and takes few connections for it', async () => {
    const gone = new AbortController();
    await whileNobodyMayRead(async () => {
      const asked = [ask(gone.signal), ask(gone.signal), ask(gone.signal)];
      await until(3);
      gone.abort();
      await until(0);
      await Promise.all(asked);
    });
    expect((await registry.ask(worker, QUERY)).errors).toBeUndefined();
  });
});

it('a client that left before its request was read begins nothing', async () => {
  registry.statements.length = 0;
  expect((await registry.ask(worker, QUERY, {}, AbortSignal.abort())).errors?.[0]?.extensions?.code).toBe('TIMEOUT');
  expect(registry.statements).toEqual([]);
});
