import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { openPool, type Pool } from './pool.ts';
import { RowSession } from './session.ts';
import { settingsForPerson } from './settings.ts';
import { compile, slot } from './statement.ts';

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

const session = () => new RowSession(pool, settingsForPerson('40000000-0000-4000-8000-000000000001'));
const doubled = compile(
  sql`select n::int * 2 as twice from unnest(${slot('n')}::text[], ${slot('key')}::text[]) with ordinality as l (n, key, place) order by place`,
  'by key',
);

it.each(['before', 'after'] as const)(
  'requests that begin to read %s they share a statement do not wait for each other’s connections',
  async (when) => {
    const together = session().sharing({ statement: doubled, mode: 'read only' });
    const answers = Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const request = session();
        const read = () => request.all(sql`select pg_sleep(0.02)`);
        const reads = when === 'before' ? read() : sleep(1).then(read);
        const { twice } = await request.together<{ twice: number }>(together, { n: String(n), key: 'one' });
        await reads;
        request.leave();
        return twice;
      }),
    );
    const late = sleep(4000, 'they wait for each other');
    expect(await Promise.race([answers, late])).toEqual(Array.from({ length: 8 }, (_, n) => 2 * n));
  },
);

it('a request that is given up waits no longer for what it shares with others, who go on', async () => {
  const together = session().sharing({ statement: doubled, mode: 'read write', lock: 'key' });
  const owner = database.owner('persons');
  const gone = new AbortController();
  const [leaving, staying] = [session(), session()];
  leaving.stopWith(gone.signal);
  const values = (n: string) => ({ n, key: n });
  let stays: Promise<unknown> | undefined;
  await owner.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended('1', 1))`;
    const left = leaving.together(together, values('1')).catch((error: unknown) => error);
    stays = staying.together(together, values('2'));
    setTimeout(() => gone.abort(), 20);
    expect(await left).toMatchObject({ code: 'TIMEOUT' });
  });
  expect(await stays).toEqual({ twice: 4 });
  await expect(leaving.together(together, values('3'))).rejects.toMatchObject({ code: 'TIMEOUT' });
});
