import { randomBytes } from 'node:crypto';
import {
  ApiError,
  type Catalog,
  type Hop,
  hopKey,
  type Registrar,
  type SubgraphAnswer,
  type SubgraphName,
  type SubgraphRequest,
  type SubgraphTransport,
  verifyHop,
} from '@commonweal/schema';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { Bounded } from './bounded.ts';
import { openPool, type Pool } from './db/pool.ts';
import { RowSession } from './db/session.ts';
import { rowSettings } from './db/settings.ts';
import { single } from './db/transaction.ts';
import { applyEvents } from './events/inbox.ts';
import { type Notice, Notices } from './events/notices.ts';
import { Courier, type EventReceiver, type RegistryEvent } from './events/outbox.ts';
import type { Context, Fact } from './graph/context.ts';
import { formatError } from './graph/errors.ts';
import { createExecutor, type Execute, type ExecutorKind, type Schemas, toGraphQLError } from './graph/executor.ts';
import { PolicyCopy } from './graph/policies.ts';
import { Replays } from './graph/replays.ts';
import { Report } from './graph/report.ts';
import { faultOf, type Log } from './log.ts';
import { References } from './refs.ts';
import { Sealer } from './seal.ts';
import { type SubgraphDefinition, subgraphSchema } from './subgraph.definition.ts';

/** What a registry needs to run. */
export interface SubgraphSettings {
  readonly databaseUrl: string;
  /** The deployment's secret, 32 bytes or more: hops, references, cursors and hashes of identifiers derive their own keys from it. */
  readonly secret: Buffer;
  readonly poolSize?: number;
  /** Told the text of each statement; for tests that prove what no statement names. */
  readonly onStatement?: (text: string) => void;
  /** What runs the queries of the gateway in the same process: `jit` unless said otherwise, `js` to do without compiled code, or one that a test makes. */
  readonly executor?: ExecutorKind | ((schemas: Schemas) => Execute);
}

/** What a registry is given by whoever starts it. */
export interface SubgraphDependencies {
  readonly registrar: Registrar;
  /** The registries that take this one's events. */
  readonly receivers: readonly EventReceiver[];
  readonly log: Log;
  readonly onTripwire?: (coordinate: string) => void;
}

/** A registry that runs. */
export interface Subgraph {
  readonly name: SubgraphName;
  /** The schema behind its tripwire. */
  readonly schema: GraphQLSchema;
  readonly pool: Pool;
  /** The way in for the gateway in the same process; does what a request over HTTP does. */
  readonly transport: SubgraphTransport;
  /** Admits a request: checks the hop, decides, opens a context. A query stops reading when `signal` aborts; a mutation is not begun then. Throws ApiError. */
  admit(request: SubgraphRequest, signal?: AbortSignal): Promise<Context>;
  /** Closes a context; gives the report for the audit record. */
  close(context: Context): Promise<Record<string, unknown>>;
  format(error: GraphQLError, requestId: string): ReturnType<typeof formatError>;
  receive(events: readonly RegistryEvent[]): Promise<void>;
  readonly courier: Courier;
  /** Whether database and policies can be reached; says what cannot. */
  health(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts a registry: its pool, its copy of the policies, its couriers. `catalog` is the whole graph's, so that all decide alike. */
export async function createSubgraph(
  definition: SubgraphDefinition,
  catalog: Catalog,
  settings: SubgraphSettings,
  deps: SubgraphDependencies,
): Promise<Subgraph> {
  const { name } = definition;
  const key = hopKey(settings.secret, name);
  const pool = openPool(settings.databaseUrl, name, settings.poolSize, settings.onStatement);
  const schemas = subgraphSchema(definition, catalog, (coordinate) => {
    deps.log.error({ subgraph: name, coordinate }, 'tripwire: a protected resolver was reached without permission');
    deps.onTripwire?.(coordinate);
  });
  const { executor = 'jit' } = settings;
  const execute = typeof executor === 'function' ? executor(schemas) : createExecutor(schemas, executor);
  const policies = new PolicyCopy(deps.registrar, catalog);
  await policies.start();
  const replays = new Replays();
  const courier = new Courier(pool, deps.receivers, (error, receiver) =>
    deps.log.error({ subgraph: name, receiver, error: String((error as Error).message) }, 'events could not be delivered; they wait'),
  );
  const notices = new Notices(deps.receivers, (error, receiver) =>
    deps.log.error({ subgraph: name, receiver, error: String((error as Error).message) }, 'notices could not be delivered; they are lost'),
  );
  courier.start();
  const background = definition.background?.(pool);
  const nudge = () => courier.nudge();
  const notify = (notice: Notice) => notices.add(notice);
  const references = new Bounded<string, References>(1000);
  const shapes = new Bounded<string, object>(5000);
  const facts = new Bounded<string, Fact>(10_000);
  const cursors = new Sealer(settings.secret, 'cursor');
  const tickets = new Sealer(settings.secret, 'ticket');
  const identifierKey = hopKey(settings.secret, 'identifier-hash');

  async function admit(request: SubgraphRequest, signal?: AbortSignal): Promise<Context> {
    const checked = verifyHop(key, request.hop, name, request.query, Date.now() / 1000, replays);
    if ('fault' in checked) {
      deps.log.error({ subgraph: name, fault: checked.fault }, 'a request without a valid hop token was refused');
      throw new ApiError('UNAUTHENTICATED', 'This registry answers the gateway only.');
    }
    const hop: Hop = checked.hop;
    const snapshot = await policies.at(hop.epoch);
    if (!snapshot && !policies.isFresh) throw new ApiError('UNAVAILABLE', 'The sharing policies cannot be had now. Try again later.');
    if (!snapshot) throw new ApiError('POLICY_CHANGED', 'The sharing policies changed while the request ran. Send it again.');
    const { decision, rights } = policies.decide(snapshot, hop.principal);
    // The same catalog, policies and principal decide the same; a difference means that one of us is not what it should be.
    if (decision.digest !== hop.digest)
      throw new ApiError('POLICY_CHANGED', 'The sharing policies changed while the request ran. Send it again.');
    if (signal?.aborted) throw new ApiError('TIMEOUT', 'The request was given up.');
    const db = new RowSession(pool, rowSettings(decision));
    if (signal && hop.operation === 'query') db.stopWith(signal);
    return {
      requestId: hop.requestId,
      principal: hop.principal,
      catalog,
      decision,
      rights,
      db,
      refs: references.getOrMake(decision.referenceGroup, () => new References(settings.secret, decision.referenceGroup)),
      cursors,
      tickets,
      identifierKey,
      report: new Report(),
      loaders: new Map(),
      shapes,
      facts,
      operation: hop.operation,
      nudge,
      notify,
    };
  }

  const format = (error: GraphQLError, requestId: string) =>
    formatError(error, requestId, (cause, id) => deps.log.error({ subgraph: name, requestId: id, ...faultOf(cause) }, 'a resolver failed'));

  async function close(context: Context): Promise<Record<string, unknown>> {
    await context.db.end();
    return reportOf(context);
  }

  const reportOf = (context: Context) => ({ report: context.report.toJson(name, context.db.statements) });

  async function fetch(request: SubgraphRequest, signal?: AbortSignal): Promise<SubgraphAnswer> {
    let context: Context;
    try {
      context = await admit(request, signal);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { errors: [{ message: error.message, extensions: { code: error.code } }] };
    }
    try {
      const { query, variables, operationName } = request;
      const { data, errors } = await execute({ query, variables, operationName }, context);
      context.db.leave();
      return {
        data: data ?? null,
        ...(errors ? { errors: errors.map((e) => format(toGraphQLError(e), context.requestId)) as SubgraphAnswer['errors'] } : {}),
        extensions: reportOf(context),
      } as SubgraphAnswer;
    } catch (error) {
      await context.db.end();
      deps.log.error({ subgraph: name, requestId: context.requestId, ...faultOf(error) }, 'a request failed');
      return {
        errors: [
          { message: 'Something went wrong on our side.', extensions: { code: error instanceof ApiError ? error.code : 'INTERNAL' } },
        ],
      };
    }
  }

  return {
    name,
    schema: schemas.guarded,
    pool,
    transport: { fetch },
    admit,
    close,
    format,
    courier,
    receive: (events) => applyEvents(pool, definition.onEvents, events),
    async health() {
      const missing: string[] = [];
      await single(pool, 'select 1').catch(() => missing.push(`${name}: the database does not answer`));
      if (!(await policies.current())) missing.push(`${name}: no sharing policies`);
      return missing;
    },
    async stop() {
      policies.stop();
      await notices.stop();
      await courier.stop();
      await background?.stop();
      await pool.end({ timeout: 5 });
    },
  };
}

/** A fresh random secret, for tests and for the local system's first start. */
export const newSecret = (): Buffer => randomBytes(32);
