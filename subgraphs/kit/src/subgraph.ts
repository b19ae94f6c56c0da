import { randomBytes } from 'node:crypto';
import { buildSubgraphSchema } from '@apollo/subgraph';
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
import { type DocumentNode, type GraphQLError, type GraphQLResolveInfo, type GraphQLSchema, Kind, parse } from 'graphql';
import { Bounded } from './bounded.ts';
import { openPool, type Pool, RowSession } from './db/session.ts';
import { rowSettings } from './db/settings.ts';
import { allLeft } from './db/transaction.ts';
import { applyEvents, type EventHandlers } from './events/inbox.ts';
import { type Notice, Notices } from './events/notices.ts';
import { Courier, type EventReceiver, type RegistryEvent } from './events/outbox.ts';
import type { Context, Fact } from './graph/context.ts';
import { formatError } from './graph/errors.ts';
import { createExecutor, type Execute, type ExecutorKind, type Schemas, toGraphQLError } from './graph/executor.ts';
import { PolicyCopy } from './graph/policies.ts';
import { Replays } from './graph/replays.ts';
import { Report } from './graph/report.ts';
import { settleEntities } from './graph/settled.ts';
import { guard } from './graph/tripwire.ts';
import { References } from './refs.ts';
import { Sealer } from './seal.ts';

/** Where notes of a registry go. Never values of beneficiaries. */
export interface Log {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A resolver of one field, as this project writes them. */
// biome-ignore lint/suspicious/noExplicitAny: parents and arguments have the shapes of the SDL, which the generated types of each registry check
export type Resolver = (parent: any, args: any, context: Context, info: GraphQLResolveInfo) => unknown;
/** Resolvers by type and field. `__resolveReference` is (reference, context, info). */
// biome-ignore lint/suspicious/noExplicitAny: see Resolver
export type Resolvers = Readonly<Record<string, Readonly<Record<string, any>>>>;

/** What makes a registry: its name, SDL, resolvers and what it does when it hears of events. */
export interface SubgraphDefinition {
  readonly name: SubgraphName;
  /** SDL as composed, from `schema/subgraphs/<name>.graphql`. */
  readonly sdl: string;
  readonly resolvers: Resolvers;
  readonly onEvents: EventHandlers;
  /** Work that goes on beside the requests, started with the registry and stopped with it. */
  readonly background?: (pool: Pool) => { stop(): Promise<void> };
}

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
  /** Admits a request: checks the hop, decides, opens a context. Throws ApiError. */
  admit(request: SubgraphRequest): Promise<Context>;
  /** Closes a context; gives the report for the audit record. */
  close(context: Context): Promise<Record<string, unknown>>;
  format(error: GraphQLError, requestId: string): ReturnType<typeof formatError>;
  receive(events: readonly RegistryEvent[]): Promise<void>;
  readonly courier: Courier;
  /** Whether database and policies can be reached; says what cannot. */
  health(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Builds the schema of a registry, with and without its tripwire. Each entity must have a `__resolveReference`; the lint of the schema proves it too. */
export function subgraphSchema(definition: SubgraphDefinition, catalog: Catalog, onTripwire: (coordinate: string) => void): Schemas {
  const document = parse(definition.sdl);
  for (const type of entitiesOf(document)) {
    // Without it the library would give back what the caller sent as if it were data.
    if (!definition.resolvers[type]?.__resolveReference)
      throw new Error(`${definition.name}: ${type} is an entity without __resolveReference: add one that only loads`);
  }
  // Made twice: the guard wraps resolvers.
  const build = () => buildSubgraphSchema([{ typeDefs: document, resolvers: definition.resolvers as never }]);
  const { schema, ruled } = guard(build(), catalog, onTripwire);
  return { guarded: settleEntities(schema), bare: settleEntities(build()), ruled };
}

/** The object types of a registry that another one may ask for by key. */
function entitiesOf(document: DocumentNode): string[] {
  return document.definitions.flatMap((d) => {
    if (d.kind !== Kind.OBJECT_TYPE_DEFINITION && d.kind !== Kind.OBJECT_TYPE_EXTENSION) return [];
    const keys = (d.directives ?? []).filter((x) => x.name.value === 'key');
    const resolvable = keys.some(
      (k) => !k.arguments?.some((a) => a.name.value === 'resolvable' && a.value.kind === Kind.BOOLEAN && !a.value.value),
    );
    return resolvable ? [d.name.value] : [];
  });
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

  async function admit(request: SubgraphRequest): Promise<Context> {
    const checked = verifyHop(key, request.hop, name, request.query, Date.now() / 1000, replays);
    if ('fault' in checked) {
      deps.log.error({ subgraph: name, fault: checked.fault }, 'a request without a valid hop token was refused');
      throw new ApiError('UNAUTHENTICATED', 'This registry answers the gateway only.');
    }
    const hop: Hop = checked.hop;
    const snapshot = await policies.at(hop.epoch);
    if (!snapshot) throw new ApiError('POLICY_CHANGED', 'The sharing policies changed while the request ran. Send it again.');
    const { decision, rights } = policies.decide(snapshot, hop.principal);
    // The same catalog, policies and principal decide the same; a difference means that one of us is not what it should be.
    if (decision.digest !== hop.digest)
      throw new ApiError('POLICY_CHANGED', 'The sharing policies changed while the request ran. Send it again.');
    const db = new RowSession(pool, rowSettings(decision));
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

  async function fetch(request: SubgraphRequest): Promise<SubgraphAnswer> {
    let context: Context;
    try {
      context = await admit(request);
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
      await pool`select 1`.catch(() => missing.push(`${name}: the database does not answer`));
      if (!(await policies.current())) missing.push(`${name}: no sharing policies`);
      return missing;
    },
    async stop() {
      policies.stop();
      await notices.stop();
      await courier.stop();
      await background?.stop();
      await allLeft(pool);
      await pool.end({ timeout: 5 });
    },
  };
}

/** What the log may know of a fault: its kind and place, never its text, which may hold values. */
function faultOf(error: unknown): Record<string, unknown> {
  const e = error as { name?: string; code?: string; constraint_name?: string; stack?: string; routine?: string };
  const stack = e.stack
    ?.split('\n')
    .filter((l) => l.trim().startsWith('at '))
    .slice(0, 4)
    .map((l) => l.trim());
  return { fault: e.name, code: e.code, constraint: e.constraint_name, routine: e.routine, stack };
}

/** A fresh random secret, for tests and for the local system's first start. */
export const newSecret = (): Buffer => randomBytes(32);
