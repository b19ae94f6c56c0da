import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '@commonweal/kit/testing.ts';
import { documentIdOf } from '@commonweal/schema';
import postgres from 'postgres';
import type { TestSystem } from '../system.ts';
import type { Question } from './storm.questions.ts';

/** What came back, as it came. */
export interface Heard {
  readonly requestId: string;
  readonly status: number;
  readonly text: string;
}

/** Numbers that look random and are the same in each run. */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Asks a question under an id by which its record is found. Null: the caller has left. */
export async function asked(system: TestSystem, question: Question, requestId: string, leaveAfter?: number): Promise<Heard | null> {
  const { persona, purpose, person, query, variables = {}, isRegistered } = question;
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json', 'x-request-id': requestId };
  if (persona !== 'anonymous')
    headers.authorization = `Bearer ${await system.token(persona, { ...(purpose ? { purpose } : {}), ...(person ? { person } : {}) })}`;
  const body = JSON.stringify({ ...(isRegistered ? { documentId: documentIdOf(query) } : { query }), variables });
  const signal = leaveAfter === undefined ? {} : { signal: AbortSignal.timeout(leaveAfter) };
  try {
    const response = await fetch(`${system.url}/graphql`, { method: 'POST', headers, body, ...signal });
    return { requestId, status: response.status, text: await response.text() };
  } catch (error) {
    if (leaveAfter !== undefined && (error as Error).name === 'TimeoutError') return null;
    throw error;
  }
}

/** Ends connections of the registries from the server's side, some or all of them, again and again until it is stopped. */
export function terminating({ adminUrl }: TestDatabase, random: (below: number) => number): { stop(): Promise<number> } {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  let isOver = false;
  let killed = 0;
  const work = (async () => {
    while (!isOver) {
      await sleep(100 + random(200));
      const pids = (
        await admin`select pid from pg_stat_activity where application_name like 'commonweal %' and datname = current_database()`
      ).map((r) => r.pid as number);
      const share = [1, 3, 10][random(3)]!;
      const some = pids.filter(() => random(10) < share);
      if (some.length > 0) await admin`select pg_terminate_backend(pid) from unnest(${some}::int[]) as p (pid)`;
      killed += some.length;
    }
    await admin.end();
  })();
  return {
    async stop() {
      isOver = true;
      await work;
      return killed;
    },
  };
}

/** Makes statements slow, so that those whose callers leave are broken off: again and again a table may not be read for a moment. The last one ends with the server. */
export async function stalling(database: TestDatabase, random: (below: number) => number, until: AbortSignal): Promise<void> {
  const owner = database.owner('persons');
  while (!until.aborted) {
    await sleep(random(300));
    await owner
      .begin(async (tx) => {
        await tx`lock table person in access exclusive mode`;
        await sleep(60 + random(60));
      })
      .catch(() => {});
  }
}

/** A record of the access log, without what differs each time. */
export interface Looked {
  readonly who: string;
  readonly outcome: string;
  readonly persons: readonly string[];
  /** All of it, to be compared. */
  readonly whole: string;
}

/** The records of requests, by the ids of these. */
export async function recordsOf({ database }: TestSystem): Promise<Map<string, Looked[]>> {
  const rows = await database.owner('consent')`
    select request_id, jsonb_build_array(consumer_id, user_id, on_behalf_of, purpose_id, encode(operation_hash, 'hex')) as who, outcome,
      (select coalesce(array_agg(p.person_id::text order by p.person_id), '{}') from access_log_person p where p.record_id = l.record_id) as persons,
      to_jsonb(l) - '{record_id,at,request_id,seal,leaf}'::text[] as whole
    from access_log l`;
  return Map.groupBy(
    rows.map((r) => ({
      ...(r as unknown as Looked & { request_id: string }),
      who: JSON.stringify(r.who),
      whole: JSON.stringify([r.whole, r.persons]),
    })),
    (r) => r.request_id,
  );
}

/** Whether data is a part of other data: the same, but for nulls. */
export function isPart(part: unknown, whole: unknown): boolean {
  if (part === null || part === whole) return true;
  if (Array.isArray(part)) return Array.isArray(whole) && part.length === whole.length && part.every((one, n) => isPart(one, whole[n]));
  if (typeof part !== 'object' || typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part as object).every(([key, value]) => isPart(value, (whole as Record<string, unknown>)[key]));
}
