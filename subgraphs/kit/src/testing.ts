import { randomUUID } from 'node:crypto';
import {
  buildCatalog,
  type Catalog,
  decide,
  HOP_LIFETIME,
  hopKey,
  type PolicySnapshot,
  type Principal,
  queryHash,
  type Registrar,
  type SubgraphAnswer,
  type SubgraphName,
  signHop,
} from '@commonweal/schema';
import { parse } from 'graphql';
import postgres from 'postgres';
import { readSupergraph } from './config.ts';
import { bootstrap, type RegistryUrls } from './db/bootstrap.ts';
import { migrate } from './db/migrate.ts';
import type { SubgraphDefinition } from './subgraph.definition.ts';
import { createSubgraph, type Subgraph } from './subgraph.ts';
import { testedExecutor } from './testing.executors.ts';

/** The secret of tests. */
export const TEST_SECRET = Buffer.alloc(32, 7);

/** A database of its own, made and migrated for one test file. */
export interface TestDatabase {
  readonly adminUrl: string;
  readonly urls: Record<SubgraphName, RegistryUrls>;
  /** As the owner of one registry's tables, for setting up rows. */
  owner(name: SubgraphName): postgres.Sql;
  drop(): Promise<void>;
}

/** Makes a database in the test server, with roles, schemas and tables of all registries. */
export async function testDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const server = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await server.unsafe(`create database ${name} strategy file_copy`);
  const adminUrl = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const urls = await bootstrap(adminUrl);
  for (const subgraph of ['persons', 'programs', 'payments', 'consent'] as const) await migrate(subgraph, urls[subgraph].migratorUrl);
  const owners = new Map<string, postgres.Sql>();
  return {
    adminUrl,
    urls,
    owner(subgraph) {
      let sql = owners.get(subgraph);
      if (!sql) {
        sql = postgres(urls[subgraph].migratorUrl, { max: 2, onnotice: () => {}, connection: { search_path: `${subgraph},public` } });
        owners.set(subgraph, sql);
      }
      return sql;
    },
    async drop() {
      for (const sql of owners.values()) await sql.end();
      await server.unsafe(`drop database if exists ${name} with (force)`);
      await server.end();
    },
  };
}

/** The catalog of the whole graph. */
export const testCatalog = (): Catalog => buildCatalog(parse(readSupergraph()));

/** A registry that runs for tests, asked as the gateway would ask it. */
export interface TestSubgraph {
  readonly subgraph: Subgraph;
  /** Errors and tripwires that were logged. */
  readonly logged: string[];
  /** Texts of all statements that were sent; empty it to look at one request. */
  readonly statements: string[];
  /** Stands for the registry of policies, which can be made to fall silent. */
  readonly policies: { isSilent: boolean };
  /** Asks as a principal, with a valid hop. */
  ask(principal: Principal, query: string, variables?: Record<string, unknown>, signal?: AbortSignal): Promise<SubgraphAnswer>;
  /** A hop token for a query of a principal. */
  hop(principal: Principal, query: string): string;
  stop(): Promise<void>;
}

/** Starts a registry over a test database under a fixed state of the policies. */
export async function testSubgraph(
  definition: SubgraphDefinition,
  database: TestDatabase,
  snapshot: PolicySnapshot,
): Promise<TestSubgraph> {
  const catalog = testCatalog();
  const policies = { isSilent: false };
  const registrar: Registrar = {
    async policies(known) {
      if (policies.isSilent) throw new Error('the registry of policies is silent');
      return known === snapshot.epoch ? null : snapshot;
    },
    audit: async () => {},
  };
  const logged: string[] = [];
  const statements: string[] = [];
  const { executor, check } = testedExecutor();
  const subgraph = await createSubgraph(
    definition,
    catalog,
    {
      databaseUrl: database.urls[definition.name].appUrl,
      secret: TEST_SECRET,
      poolSize: 4,
      onStatement: (text) => statements.push(text),
      ...(executor ? { executor } : {}),
    },
    {
      registrar,
      receivers: [],
      log: { info: () => {}, error: (fields, message) => logged.push(`${message} ${JSON.stringify(fields)}`) },
    },
  );
  const hopOf = (principal: Principal, query: string) =>
    signHop(hopKey(TEST_SECRET, definition.name), {
      audience: definition.name,
      expires: Date.now() / 1000 + HOP_LIFETIME,
      id: randomUUID(),
      queryHash: queryHash(query),
      principal,
      epoch: snapshot.epoch,
      digest: decide(catalog, snapshot, principal, new Date()).digest,
      requestId: 'test',
      operation: query.trimStart().startsWith('mutation') ? 'mutation' : 'query',
    });
  return {
    subgraph,
    logged,
    statements,
    policies,
    hop: hopOf,
    ask: (principal, query, variables, signal) => subgraph.transport.fetch({ query, variables, hop: hopOf(principal, query) }, signal),
    async stop() {
      await subgraph.stop();
      check();
    },
  };
}
