import {
  Bounded,
  Connections,
  type Context,
  createExecutor,
  type Execute,
  openClient,
  openPool,
  type Pool,
  References,
  RowSession,
  Sealer,
  subgraphSchema,
} from '@commonweal/kit';
import { readSupergraph } from '@commonweal/kit/config.ts';
import { Report } from '@commonweal/kit/graph/report.ts';
import {
  ACCESS_USES,
  type AccessUse,
  type Alternative,
  Bits,
  buildCatalog,
  type Catalog,
  type Decision,
  hopKey,
  type Rights,
  type SubgraphAnswer,
  type SubgraphName,
  type SubgraphRequest,
} from '@commonweal/schema';
import { parse } from 'graphql';
import type postgres from 'postgres';
import { REGISTRIES, type SystemOptions } from './system.ts';

/** As often as the product does. */
const TAKE_BACK_MS = 50;

/** The registries, asked without a hop. */
export interface OpenRegistries {
  fetch(subgraph: SubgraphName, request: SubgraphRequest): Promise<SubgraphAnswer>;
  stop(): Promise<void>;
}

interface OpenRegistry {
  readonly execute: Execute;
  readonly pool: Pool;
  /** What is worked out once, and public facts. */
  readonly kept: Pick<Context, 'shapes' | 'facts'>;
}

/**
 * The resolvers and repositories of the product under a decision that gives every field, use and action in all rows of the whole country.
 * Gone: the hop and its check, the decision, the tripwire, the report for the audit record, and the database's part: the role owns the tables, whose
 * policy for it is `true`, so reads need neither settings nor a transaction to hold them. What stays is what cannot be taken out without changing
 * the product: conditions on area and program in the statements, true for every row. Sensitive programs stay out, so that answers are of one size.
 */
export async function startOpenRegistries(options: SystemOptions): Promise<OpenRegistries> {
  const catalog = buildCatalog(parse(readSupergraph()));
  const secret = Buffer.from(options.secret, 'base64');
  const shared = {
    catalog,
    decision: everything(catalog),
    rights: ALL,
    refs: new References(secret, 'government'),
    cursors: new Sealer(secret, 'cursor'),
    tickets: new Sealer(secret, 'ticket'),
    identifierKey: hopKey(secret, 'identifier-hash'),
    operation: 'query' as const,
    nudge: () => {},
    notify: () => {},
    requestId: 'open',
  };
  const registries = new Map<SubgraphName, OpenRegistry>();
  for (const definition of REGISTRIES) {
    // Of a field whose class is OPEN the tripwire makes no rule: so the schema is left as the resolvers make it.
    registries.set(definition.name, {
      execute: createExecutor(
        subgraphSchema(definition, withoutClasses(catalog), () => {}),
        'jit',
      ),
      pool: openWithoutSettings(options.urls[definition.name].migratorUrl, definition.name),
      kept: { shapes: new Bounded(5000), facts: new Bounded(10_000) },
    });
  }
  // In the product a notice from programs takes back each attempt that was answered with ACTIVE; here nobody carries notices, and everybody asked about is active.
  const persons = openPool(options.urls.persons.migratorUrl, 'persons', 1);
  const takeBack = () => void persons`update verification set confirmed = true where not confirmed`.catch(() => {});
  takeBack();
  const takingBack = setInterval(takeBack, TAKE_BACK_MS);
  return {
    async fetch(name, request) {
      const registry = registries.get(name)!;
      const db = new RowSession(registry.pool, {});
      const own = { principal: shared.decision.principal, db, report: new NoReport(), loaders: new Map() };
      const context: Context = { ...shared, ...registry.kept, ...own };
      const { query, variables, operationName } = request;
      const result = await registry.execute({ query, variables, operationName }, context);
      db.leave();
      return { data: result.data ?? null, ...(result.errors ? { errors: result.errors.map((e) => ({ message: e.message })) } : {}) };
    },
    async stop() {
      clearInterval(takingBack);
      await Promise.all([persons, ...[...registries.values()].map(({ pool }) => pool)].map((pool) => pool.end({ timeout: 5 })));
    },
  };
}

class NoReport extends Report {
  override gave(): void {}
  override searchedFor(): void {}
}

const ALL: Rights = { field: () => true, type: () => true, use: () => true, input: () => true, enumValue: () => true };

/** A decision with one alternative, which gives all. */
function everything(catalog: Catalog): Decision {
  const all = new Bits(catalog.fields.size);
  for (const { index } of catalog.fields.values()) all.add(index);
  const alternative: Alternative = {
    policy: 'everything',
    lawfulBasis: 'PUBLIC_TASK',
    agreement: null,
    consentClasses: new Set(),
    uses: Object.fromEntries(ACCESS_USES.map((use) => [use, all])) as Record<AccessUse, Bits>,
    actions: new Set([...catalog.fields.values()].flatMap(({ action }) => (action === null ? [] : [action]))),
    rows: { self: null, areas: ['KE'], programs: [], allOrdinaryPrograms: true, providers: [], allProviders: true, consentForRows: false },
  };
  const principal = {
    consumer: 'anybody',
    user: 'anybody',
    purpose: 'CASE_MANAGEMENT',
    scopes: [],
    person: null,
    areas: null,
    programs: null,
  };
  return {
    consumer: 'anybody',
    kind: 'case_worker',
    principal,
    purpose: principal.purpose,
    purposes: [principal.purpose],
    epoch: 0,
    disclosure: 'DENY',
    alternatives: [alternative],
    referenceGroup: 'government',
    digest: '',
    shape: '',
  };
}

const withoutClasses = (catalog: Catalog): Catalog => ({
  ...catalog,
  fields: new Map([...catalog.fields].map(([name, field]) => [name, { ...field, accessClass: 'OPEN' as const, action: null }])),
});

/** A pool whose requests leave out settings everywhere, and begin and commit where nothing is written. */
function openWithoutSettings(url: string, schema: string): Pool {
  const open = (most: number) =>
    new Connections((onClosed) => {
      const client = openClient({ url, schema, max: 1, onClosed });
      const { reserve } = client;
      return Object.assign(client, { reserve: async () => bare(await reserve()) });
    }, most);
  const both = { connections: open(16), shared: open(4) } satisfies Pick<Pool, 'connections' | 'shared'>;
  return { ...both, end: () => Promise.all(Object.values(both).map((connections) => connections.close())) } as never;
}

function bare(connection: postgres.ReservedSql): postgres.ReservedSql {
  // What is left out is over when what was sent before it is: a connection must not go back with an answer still on its way.
  let last: Promise<unknown> = Promise.resolve();
  const nothing = { execute: () => Promise.allSettled([last]).then(() => []) };
  let isWriting = false;
  const unsafe = (text: string, ...more: unknown[]) => {
    if (/^begin/.test(text)) isWriting = text.endsWith('read write');
    // Settings that wait for a lock too stay: what comes behind them is to see what was done under it.
    const isSetting = /^(select count\(set_config\(|set local )/.test(text) && !text.includes('pg_advisory_xact_lock');
    if (isSetting || (!isWriting && /^(begin|commit|rollback)/.test(text))) return nothing;
    const query = (connection.unsafe as (...all: unknown[]) => { execute(): Promise<unknown> })(text, ...more);
    return {
      execute() {
        last = query.execute();
        return last;
      },
    };
  };
  return { unsafe, release: () => connection.release() } as never;
}
