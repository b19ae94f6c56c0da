import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyingKeyFrom } from '@commonweal/consent/log/seal-key.ts';
import { verifyLog } from '@commonweal/consent/log/verify-database.ts';
import { registerOperation } from '@commonweal/consent/operation/register.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../../scripts/postgres.ts';
import { startTestSystem, type TestSystem, TOPOLOGIES } from '../system.ts';
import { type Question, questionsOf, REGISTERED, registering } from './storm.questions.ts';
import { asked, type Heard, isPart, type Looked, recordsOf, seeded, stalling, terminating } from './storm.ts';

/** Callers who ask at the same time. */
const CALLERS = 24;
/** Requests in a storm at the least. */
const REQUESTS = 250;
/** Codes of an answer that can be had later. */
const LATER: ReadonlySet<string> = new Set(['UNAVAILABLE', 'TIMEOUT']);
/** How the gateway says that it could not write the record: then there is one, or none. */
const NO_RECORD = 'cannot be given now';

/** A server of its own, since it is stopped. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-storm-'));
const startServer = (port: number) => startPostgres({ dataDir: path.join(folder, 'data'), port, mode: 'test' });
let server: RunningPostgres;
beforeAll(async () => {
  chmodSync(folder, 0o711);
  server = await startServer(0);
}, 60_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A question that was asked, and what was heard: null when its caller left. */
interface Told {
  readonly question: Question;
  readonly requestId: string;
  readonly heard: Heard | null;
}

describe.each(TOPOLOGIES)('in %s, when many ask at once while the database breaks off connections, stops and starts', (topology) => {
  let system: TestSystem;
  /** What is heard when nobody else asks and nothing breaks, and what the access log says of it. */
  const quiet = new Map<Question, { readonly heard: Heard; readonly looked: Looked | undefined }>();
  const told: Told[] = [];
  const writes: Told[] = [];
  let killed = 0;

  beforeAll(async () => {
    system = await startTestSystem(server.url, { households: 250, topology });
    for (const operation of REGISTERED) await registerOperation(system.database.owner('consent'), { ...operation, by: 'test' });
    const questions = await questionsOf(system);
    const registered = questions.find((q) => q.isRegistered)!;
    while ((await asked(system, registered, 'early'))?.status === 404) await sleep(50);
    const alone = new Map<Question, Heard>();
    for (const [n, question] of questions.entries()) alone.set(question, (await asked(system, question, `alone-${n}`))!);
    const looked = await recordsOf(system);
    for (const [question, heard] of alone) quiet.set(question, { heard, looked: looked.get(heard.requestId)?.[0] });
    await storm();
  }, 120_000);
  afterAll(() => system?.stop());

  async function storm(): Promise<void> {
    await forgetAttempts();
    const random = seeded(20_261_122);
    const times = new Map<Question, number>();
    const questions = [...quiet.keys()];
    const next = (): Question | undefined => {
      const question = questions[random(questions.length)]!;
      const asked = (times.get(question) ?? 0) + 1;
      times.set(question, asked);
      return asked <= (question.most ?? Number.POSITIVE_INFINITY) ? question : undefined;
    };
    let isOver = false;
    let n = 0;
    const callers = Array.from({ length: CALLERS }, async () => {
      while (!isOver) {
        n += 1;
        const requestId = `storm-${n}`;
        const isWrite = n % 12 === 0;
        const question = isWrite ? registering(writes.length) : next();
        if (!question) continue;
        const list = isWrite ? writes : told;
        const at = list.push({ question, requestId, heard: null }) - 1;
        list[at] = { question, requestId, heard: await asked(system, question, requestId, random(8) === 0 ? random(40) : undefined) };
      }
    });
    const isStopped = new AbortController();
    const stalled = stalling(system.database, random, isStopped.signal);
    const terminator = terminating(system.database, random);
    await sleep(2000);
    // Where the machine is slow, longer.
    for (let i = 0; i < 100 && told.length < REQUESTS; i++) await sleep(100);
    killed = await terminator.stop();
    await server.stop();
    isStopped.abort();
    await stalled;
    await sleep(200);
    server = await startServer(server.port);
    await sleep(500);
    isOver = true;
    await Promise.all(callers);
  }

  /** So that no number is locked. */
  const forgetAttempts = () => system.database.owner('persons')`update verification set confirmed = true`;

  /** How an answer stands to the one that the same caller heard to the same question when it was alone. */
  function judged({ question, heard }: Told): 'left' | 'same' | 'later' | 'wrong' {
    if (!heard) return 'left';
    const { heard: alone } = quiet.get(question)!;
    if (heard.status === alone.status && heard.text === alone.text) return 'same';
    const [now, then] = [heard, alone].map(({ text }) => JSON.parse(text) as Body) as [Body, Body];
    const known = new Set((then.errors ?? []).map((e) => JSON.stringify(e)));
    const failures = (now.errors ?? []).filter((e) => !known.has(JSON.stringify(e)));
    const isLater = failures.length > 0 && failures.every((e) => LATER.has(e.extensions.code));
    return isLater && isPart(now.data ?? null, then.data ?? null) ? 'later' : 'wrong';
  }

  it('what is heard in quiet is what stands in the tables', () => {
    const wrong = [...quiet].filter(([{ holds = '' }, { heard }]) => !heard.text.includes(holds));
    expect(wrong.map(([question, { heard }]) => [question, heard.text])).toEqual([]);
  });

  it('each answer is the one that the same caller hears in quiet, or says that it can be had later', () => {
    expect(told.filter((one) => judged(one) === 'wrong').map(({ question, heard }) => [question, heard, quiet.get(question)])).toEqual([]);
    const many = Map.groupBy(told, judged);
    const counts = ['same', 'later', 'left'].map((how) => many.get(how as 'same')?.length ?? 0);
    // Otherwise nothing was proven.
    expect(Math.min(...counts, killed, writes.length)).toBeGreaterThan(5);
  });

  it('everything is answered again, however many ask at the same moment, and no transaction is left open', async () => {
    await forgetAttempts();
    const answers = [...quiet.keys()].map(async (question, n) => {
      const one = { question, requestId: `again-${n}` };
      // The first of them may meet connections that were broken off.
      let heard = await asked(system, question, one.requestId);
      for (let i = 1; i < 9 && judged({ ...one, heard }) === 'later'; i++) {
        await sleep(250);
        heard = await asked(system, question, `${one.requestId}-${i}`);
      }
      return [question, heard?.text];
    });
    expect(await Promise.all(answers)).toEqual([...quiet].map(([question, { heard }]) => [question, heard.text]));
    const open = () => system.database.owner('persons')`
      select application_name from pg_stat_activity where application_name like 'commonweal %' and state like 'idle in transaction%'`;
    await expect.poll(async () => [...(await open())]).toEqual([]);
  });

  it('each write is done once, and answered alike when it is sent again', async () => {
    for (const { question, requestId, heard } of writes) {
      const again = await asked(system, question, `${requestId}-again`);
      const { data, errors } = JSON.parse(again!.text) as Body & { data: { registerPerson: { refusals: unknown } } };
      expect([errors, data.registerPerson.refusals]).toEqual([undefined, null]);
      if (heard && heard.text !== again!.text)
        expect((JSON.parse(heard.text) as Body).errors?.map((e) => e.extensions.code)).toEqual(['UNAVAILABLE']);
    }
    const written = await system.database.owner(
      'persons',
    )`select surname, count(*)::int as n from person where surname like 'Storm%' group by 1`;
    expect(written.filter(({ n }) => n !== 1)).toEqual([]);
    expect(written).toHaveLength(writes.length);
  });

  it('the access log holds one record of each answer, of whoever got it and of nobody else, and verifies', async () => {
    const records = await recordsOf(system);
    const wrong = [...told, ...writes].flatMap((one) => {
      const found = records.get(one.requestId) ?? [];
      const fault = faultOf(one, found);
      return fault ? [[fault, one, found, quiet.get(one.question)]] : [];
    });
    expect(wrong).toEqual([]);
    await system.registries.registrar.sealNow();
    const keys = [verifyingKeyFrom(readFileSync(path.join(system.data.folder, 'seal.pem.pub'), 'utf8'))];
    const verdict = await verifyLog(system.database.owner('consent'), { keys, tolerance: 60_000 });
    expect(verdict.fault).toBeNull();
    expect(verdict.records).toBeGreaterThan(told.length / 2);
  });

  /** What is wrong with the records of a request; null when nothing is. */
  function faultOf(one: Told, records: readonly Looked[]): string | null {
    const { question, heard } = one;
    const alone = quiet.get(question)?.looked;
    const [record] = records;
    if (records.length > 1) return 'more than one record';
    if (record && alone && record.who !== alone.who) return 'of somebody else';
    if (record && alone && !record.persons.every((p) => alone.persons.includes(p))) return 'about somebody else';
    if (!heard || !alone || heard.text.includes(NO_RECORD)) return null;
    if (!record) return question.persona === 'anonymous' && judged(one) === 'later' ? null : 'no record';
    if (judged(one) === 'same') return record.whole === alone.whole ? null : 'another record than in quiet';
    return record.outcome === 'FAILED' ? null : 'no failure';
  }
});

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}
