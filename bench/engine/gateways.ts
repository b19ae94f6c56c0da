import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { HIVE, HIVE_CONFIG, peerVersion } from './peers.ts';
import { GATEWAY_CORE, type Pinned, startPinned } from './processes.ts';

/** What a gateway is started over. */
export interface Setting {
  /** File of the supergraph. */
  readonly supergraph: string;
  /** Name of the graph when its subgraphs run in the gateway's process; null: over HTTP. */
  readonly inProcess: string | null;
  /** Where a CPU profile is to be written; null: none. */
  readonly profile: string | null;
}

/** A gateway that is compared. */
export interface Kind {
  readonly name: string;
  readonly about: string;
  start(setting: Setting, port: number): Pinned;
}

/** One that runs. */
export interface Running {
  readonly kind: Kind;
  readonly url: string;
  readonly process: Pinned;
}

/** How a gateway is started that is to be profiled. */
export const profiling = ({ profile }: Setting) =>
  profile ? { nodeArgs: ['--import', new URL('profile.preload.ts', import.meta.url).href], env: { BENCH_PROFILE: profile } } : {};

const own =
  (file: string, ...more: readonly string[]) =>
  (setting: Setting, port: number) =>
    startPinned(
      GATEWAY_CORE,
      file,
      [
        '--supergraph',
        setting.supergraph,
        '--port',
        String(port),
        ...(setting.inProcess ? ['--in-process', setting.inProcess] : []),
        ...more,
      ],
      profiling(setting),
    );

interface HiveOptions {
  readonly planner: 'js' | 'rust';
  readonly sharesRequests: boolean;
}

const hive =
  ({ planner, sharesRequests }: HiveOptions) =>
  (setting: Setting, port: number) => {
    const where = ['supergraph', setting.supergraph, '--host', '127.0.0.1', '--port', String(port), '--config-path', HIVE_CONFIG];
    const { nodeArgs, env } = { nodeArgs: [], env: {}, ...profiling(setting) };
    // With --jit the Rust planner answers null to everything; without it, the planner in JavaScript is slower.
    return startPinned(GATEWAY_CORE, HIVE, [...where, ...(planner === 'js' ? ['--jit'] : [])], {
      nodeArgs,
      env: {
        ...env,
        BENCH_PLANNER: planner,
        ...(setting.inProcess ? { BENCH_IN_PROCESS: setting.inProcess } : {}),
        ...(sharesRequests ? { BENCH_SHARES_REQUESTS: 'yes' } : {}),
      },
    });
  };

/** Version of a dependency of the product's gateway. Their packages do not export what tells it. */
const version = (name: string) =>
  (JSON.parse(readFileSync(new URL(`../../gateway/node_modules/${name}/package.json`, import.meta.url), 'utf8')) as { version: string })
    .version;

/** The gateways. Called after the peers are installed. */
export function kinds(): Readonly<Record<'stock' | 'hive' | 'hiveRust' | 'hiveSharing' | 'hiveRustSharing' | 'ours' | 'oursCalls', Kind>> {
  const hiveVersion = peerVersion('@graphql-hive/gateway');
  const rustVersion = peerVersion('@graphql-hive/router-runtime');
  const rust = `@graphql-hive/gateway ${hiveVersion} with @graphql-hive/router-runtime ${rustVersion}`;
  return {
    stock: {
      name: 'stock',
      about: `@apollo/server ${version('@apollo/server')} with @apollo/gateway ${version('@apollo/gateway')}`,
      start: own('gateways/stock.ts'),
    },
    hive: { name: 'Hive', about: `@graphql-hive/gateway ${hiveVersion}, --jit`, start: hive({ planner: 'js', sharesRequests: false }) },
    hiveRust: { name: 'Hive-Rust', about: rust, start: hive({ planner: 'rust', sharesRequests: false }) },
    hiveSharing: {
      name: 'Hive, requests shared',
      about: 'the same with inboundInflightRequestDeduplication',
      start: hive({ planner: 'js', sharesRequests: true }),
    },
    hiveRustSharing: {
      name: 'Hive-Rust, requests shared',
      about: 'the same with inboundInflightRequestDeduplication',
      start: hive({ planner: 'rust', sharesRequests: true }),
    },
    ours: {
      name: 'ours',
      about: 'gateway/src/execute on node:http (serve.ts): no access control; identical calls and requests of one caller are shared',
      start: own('serve.ts'),
    },
    oursCalls: {
      name: 'ours sharing calls',
      about: 'the same with --sharing calls: an answer is made for each request',
      start: own('serve.ts', '--sharing', 'calls'),
    },
  };
}

const READY_MS = 180_000;

/** Starts a gateway and waits until it answers. Throws with its output when it does not. */
export async function startGateway(kind: Kind, setting: Setting, token = 'ready'): Promise<Running> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const process = kind.start(setting, port);
  const until = performance.now() + READY_MS;
  for (;;) {
    const answer = await ask(url, '{"query":"{ __typename }"}', token).catch(() => null);
    if (answer?.status === 200) return { kind, url, process };
    if (performance.now() > until) {
      await process.stop();
      throw new Error(`${kind.name} did not start: ${answer?.text ?? ''}\n${process.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Asks a gateway once. */
export async function ask(url: string, body: string, token: string): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
