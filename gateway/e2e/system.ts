import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sealKeyInFile } from '@commonweal/consent';
import { readConfig } from '@commonweal/gateway/config.ts';
import { createLog } from '@commonweal/gateway/http/log.ts';
import { createGateway, type Gateway } from '@commonweal/gateway/server.ts';
import type { SubgraphSettings } from '@commonweal/kit';
import { testedExecutor } from '@commonweal/kit/testing.executors.ts';
import { type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { PERSONAS, SUBGRAPHS, type SubgraphName, type SubgraphTransport } from '@commonweal/schema';
import { type DataFolder, dataFolder } from '../../scripts/config.ts';
import { ensureDevIssuer, signDevToken } from '../../scripts/dev-issuer.ts';
import { playgroundHelp } from '../../scripts/playground-help.ts';
import { type Registries, startRegistries } from '../../scripts/registries.ts';
import { seed } from '../../scripts/seed/seed.ts';
import { byCalls, overHttp } from './over-http.ts';

/** What the graph answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape of the query that a test asks
  readonly data: any;
  readonly errors?: { message: string; path?: (string | number)[]; extensions: { code: string } & Record<string, unknown> }[];
  /** The body as it came. */
  readonly text: string;
}

/** One fetch that the gateway made: what left it. */
export interface Fetch {
  readonly subgraph: SubgraphName;
  readonly query: string;
}

/** The whole system for tests: a small seeded country behind HTTP. */
export interface TestSystem {
  readonly url: string;
  /** Where each registry listens, in the services topology. */
  readonly urls: Readonly<Partial<Record<SubgraphName, string>>>;
  readonly database: TestDatabase;
  readonly registries: Registries;
  /** All fetches since the start, in order; empty it to look at one request. */
  readonly fetches: Fetch[];
  readonly demo: DemoCountry;
  /** The deployment's secret. */
  readonly secret: Buffer;
  /** Where the keys of the issuer are: whoever has them may sign what the personas never would. */
  readonly data: DataFolder;
  /** What gateway and registries logged, as text. */
  logText(): string;
  /** Asks as a persona. */
  ask(
    persona: string,
    query: string,
    variables?: Record<string, unknown>,
    options?: { purpose?: string; operationName?: string; person?: string },
  ): Promise<Answer>;
  token(persona: string, options?: { purpose?: string; person?: string }): Promise<string>;
  stop(): Promise<void>;
}

/** What the seeding tells of the country. */
export type DemoCountry = Awaited<ReturnType<typeof seed>>;

/** How the gateway reaches the registries. */
export type Topology = 'one process' | 'services';
/** Both, for tests that run in each. */
export const TOPOLOGIES: readonly Topology[] = ['one process', 'services'];

/** Starts everything in this process on a database of its own, with a country of a few households. */
export async function startTestSystem(
  serverUrl: string,
  options: { households?: number; env?: Record<string, string>; topology?: Topology; executor?: SubgraphSettings['executor'] } = {},
): Promise<TestSystem> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-system-'));
  const data = dataFolder(folder);
  await ensureDevIssuer(data);
  const secret = Buffer.from(readFileSync(data.secret, 'utf8'), 'base64');
  const database = await testDatabase(serverUrl);
  const demo = await seed({ urls: database.urls, secret, households: options.households ?? 200, seed: 1, onProgress: () => {} });
  writeFileSync(data.demo, JSON.stringify(demo.examples));
  const log: string[] = [];
  const { executor = options.executor, check } = options.executor ? { check: () => {} } : testedExecutor();
  const registries = await startRegistries({
    urls: database.urls,
    secret,
    sealKey: sealKeyInFile(path.join(folder, 'seal.pem')),
    poolSize: 4,
    executor,
    log: { info: (f, m) => log.push(`${m} ${JSON.stringify(f)}`), error: (f, m) => log.push(`${m} ${JSON.stringify(f)}`) },
  });
  const reached = options.topology === 'services' ? await overHttp(registries, secret) : byCalls(registries);
  const fetches: Fetch[] = [];
  const watched = (name: SubgraphName, transport: SubgraphTransport): SubgraphTransport => ({
    fetch(request, signal) {
      fetches.push({ subgraph: name, query: request.query });
      return transport.fetch(request, signal);
    },
  });
  const config = readConfig({
    COMMONWEAL_ENV: 'development',
    COMMONWEAL_PORT: '0',
    COMMONWEAL_SECRET: secret.toString('base64'),
    COMMONWEAL_OIDC_JWKS: data.jwks,
    COMMONWEAL_RATE: '100000',
    COMMONWEAL_LOG_LEVEL: 'silent',
    ...options.env,
  });
  const gateway: Gateway = await createGateway(config, {
    transports: Object.fromEntries(SUBGRAPHS.map((name) => [name, watched(name, reached.transports[name])])) as Record<
      SubgraphName,
      SubgraphTransport
    >,
    registrar: reached.registrar,
    log: createLog('info', { write: (line) => void log.push(line) }),
    playgroundHelp: playgroundHelp(config, data),
  });

  const tokens = new Map<string, Promise<string>>();
  const token: TestSystem['token'] = (name, wanted = {}) => {
    const persona = PERSONAS[name]!;
    const purpose = wanted.purpose ?? persona.purposes[0]!;
    const person = persona.person ? (wanted.person ?? demo.demoBeneficiary) : undefined;
    const key = JSON.stringify([name, purpose, person]);
    if (!tokens.has(key)) tokens.set(key, signDevToken(data, { ...persona, purposes: [purpose], person }));
    return tokens.get(key)!;
  };

  return {
    url: gateway.url,
    urls: reached.urls,
    database,
    registries,
    fetches,
    demo,
    secret,
    data,
    token,
    logText: () => log.join('\n'),
    async ask(persona, query, variables, wanted = {}) {
      const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
      if (persona !== 'anonymous') headers.authorization = `Bearer ${await token(persona, wanted)}`;
      const body = { query, ...(variables ? { variables } : {}), ...(wanted.operationName ? { operationName: wanted.operationName } : {}) };
      const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await response.text();
      const json = JSON.parse(text) as { data?: unknown; errors?: Answer['errors'] };
      return { status: response.status, headers: response.headers, data: json.data, errors: json.errors, text };
    },
    async stop() {
      await gateway.stop();
      await reached.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
      check();
    },
  };
}

/** A key for a write, fresh each time. */
export const freshKey = (): string => randomUUID();
