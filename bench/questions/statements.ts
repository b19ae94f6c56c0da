import postgres from 'postgres';
import type { Country } from './country.ts';
import type { Asked } from './keys.ts';
import { startContender } from './measure.ts';

/** What one request makes the system do. */
export interface Footprint {
  /** Fetches from each registry. */
  readonly fetches: Readonly<Record<string, number>>;
  /** Statements on data, the audit record's among them. */
  readonly statements: number;
  /** Begin, settings and commit. */
  readonly around: number;
  /** Milliseconds in PostgreSQL for one request: planning and running. */
  readonly planMs: number;
  readonly runMs: number;
  /** The statements that took most, with their milliseconds for one request. */
  readonly longest: readonly { readonly text: string; readonly calls: number; readonly planMs: number; readonly runMs: number }[];
}

const AROUND = /^(begin|commit|rollback|set local |select count\(set_config\(|select$)/;
/** What runs by the clock, whoever asks: the policies, the outbox, the seal of the access log, and verifications that are taken back, those of 50 ms together. */
const BY_CLOCK =
  /from policy_epoch|from operation_epoch|from sharing_policy|from consumer|from outbox|outbox_offset|inbox|set confirmed = true|seal|pg_try_advisory_lock|isolation level repeatable read|from access_log|courier|pg_catalog/i;

/** Requests before anything is counted, those that are looked at one by one, and those that PostgreSQL measures. */
const WARMUP = 60;
const SINGLES = 12;
const ROUNDS = 60;

interface Seen {
  readonly text: string;
  readonly calls: number;
  readonly plan: number;
  readonly run: number;
}

/** Counts fetches and statements of single requests, and has PostgreSQL measure what they cost it. */
export async function footprints<Q extends string>(
  country: Country,
  requests: Readonly<Record<Q, readonly Asked[]>>,
): Promise<Record<Q, Footprint>> {
  const sql = postgres(country.adminUrl, { max: 1, onnotice: () => {} });
  await sql`create extension if not exists pg_stat_statements`;
  await sql`alter database commonweal set pg_stat_statements.track_planning = on`;
  const system = await startContender(country, 'product', true);
  const ask = async ({ body, token }: Asked) => {
    const answer = await fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
    });
    const text = await answer.text();
    if (!answer.ok || text.startsWith('{"errors"')) throw new Error(`${answer.status} ${text.slice(0, 300)}`);
  };
  const found: Partial<Record<Q, Footprint>> = {};
  try {
    for (const question of Object.keys(requests) as Q[]) {
      const list = requests[question];
      const take = (n: number, from: number) => Array.from({ length: n }, (_, i) => list[(from + i) % list.length]!);
      for (const asked of take(WARMUP, 0)) await ask(asked);
      const seen: { fetches: readonly string[]; own: string[] }[] = [];
      for (const asked of take(SINGLES, 0)) {
        await system.process.ask({ kind: 'watched' });
        await ask(asked);
        const { fetches = [], statements = [] } = await system.process.ask({ kind: 'watched' });
        seen.push({ fetches, own: statements.filter((text) => !BY_CLOCK.test(text)) });
      }
      // Begin and commit of what runs by the clock look like a request's own: the request that met fewest of them tells.
      const { fetches, own } = seen.toSorted((a, b) => a.own.length - b.own.length)[Math.floor(SINGLES / 4)]!;
      await sql`select pg_stat_statements_reset()`;
      for (const asked of take(ROUNDS, WARMUP)) await ask(asked);
      const measured = await sql<Seen[]>`
        select query as text, calls::int, total_plan_time as plan, total_exec_time as run from pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database()) and userid <> current_user::regrole order by 3 + 4 desc`;
      const costs = measured.filter(({ text }) => !BY_CLOCK.test(text));
      const sum = (of: (one: Seen) => number) => costs.reduce((total, one) => total + of(one), 0) / ROUNDS;
      found[question] = {
        fetches: Object.fromEntries([...Map.groupBy(fetches, (name) => name)].map(([name, all]) => [name, all.length])),
        statements: own.filter((text) => !AROUND.test(text)).length,
        around: own.filter((text) => AROUND.test(text)).length,
        planMs: sum((one) => one.plan),
        runMs: sum((one) => one.run),
        longest: costs
          .toSorted((a, b) => b.plan + b.run - a.plan - a.run)
          .slice(0, 6)
          .map(({ text, calls, plan, run }) => ({
            text: text.replaceAll(/\s+/g, ' ').trim(),
            calls: calls / ROUNDS,
            planMs: plan / ROUNDS,
            runMs: run / ROUNDS,
          })),
      };
    }
  } finally {
    await system.process.stop();
    await sql`alter database commonweal reset pg_stat_statements.track_planning`;
    await sql.end();
  }
  return found as Record<Q, Footprint>;
}
