import { connect } from 'node:net';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { PolicySnapshot } from '@commonweal/schema';
import type { JWTPayload } from 'jose';
import { goodClaims, testIssuer } from '../authn/authn.examples.ts';
import { openKeys } from '../authn/keys.ts';
import { createTokenVerifier } from '../authn/token.ts';
import type { GatewayConfig } from '../config.ts';
import type { Graph, GraphContext } from '../graph.ts';
import { formatError } from '../reply/errors.ts';
import { NOTHING_REGISTERED } from '../reply/registered.ts';
import { createReadiness, type ReadinessCheck } from './health.ts';
import { createListener, type Listener } from './listener.ts';
import { createLog } from './log.ts';
import { createMetrics, type GatewayMetrics } from './metrics.ts';
import { createRateLimit } from './rate.ts';

type TestContext = GraphContext & { readonly signal: AbortSignal };

/** A front door on a graph of three fields: who is asking, a field that waits, a field that breaks. */
export interface TestFront {
  readonly url: string;
  readonly port: number;
  readonly listener: Listener;
  readonly metrics: GatewayMetrics;
  readonly config: GatewayConfig;
  /** What was logged, a parsed line each. */
  readonly lines: Record<string, unknown>[];
  /** All that was logged, as text. */
  logged(): string;
  /** Signals that the graph saw, in order. */
  readonly signals: AbortSignal[];
  /** Names of the headers that the graph saw, in order of the requests. */
  readonly passedHeaders: string[][];
  /** Contexts that the graph saw, in order. */
  readonly contexts: TestContext[];
  token(more?: Record<string, unknown>): Promise<string>;
  sign(claims: JWTPayload): Promise<string>;
  /** POSTs an operation. */
  ask(query: string, headers?: Record<string, string>, more?: Record<string, unknown>): Promise<Response>;
  /** Sends bytes as they stand and gives what comes back until the connection ends. */
  raw(bytes: string | Buffer): Promise<string>;
  /** Lets every `wait` field return. */
  release(): void;
  stop(): Promise<void>;
}

const CONSUMERS: PolicySnapshot = {
  epoch: 1,
  consumers: {
    'river-bank': {
      id: '1',
      kind: 'payment_provider',
      name: 'River Bank',
      outsideGovernment: true,
      provider: null,
      suspended: false,
      operations: 'ANY',
    },
  },
  policies: [],
};

/** Starts a front door of its own. */
export async function testFront(
  options: {
    env?: Record<string, string>;
    checks?: Record<string, ReadinessCheck>;
    playgroundFolder?: string;
    config?: (config: GatewayConfig) => GatewayConfig;
  } = {},
): Promise<TestFront> {
  const issuer = await testIssuer();
  const config = (options.config ?? ((c) => c))(issuer.config(options.env));
  const lines: Record<string, unknown>[] = [];
  const texts: string[] = [];
  const stream = {
    write(text: string) {
      texts.push(text);
      lines.push(JSON.parse(text));
    },
  };
  const contexts: TestContext[] = [];
  const passedHeaders: string[][] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const metrics = createMetrics();
  const remember: ApolloServerPlugin<TestContext> = {
    async requestDidStart({ contextValue, request }) {
      contexts.push(contextValue);
      passedHeaders.push([...(request.http?.headers.keys() ?? [])]);
    },
  };
  const apollo = new ApolloServer<TestContext>({
    typeDefs:
      'type Query { consumer: String purpose: String wait: String breaks: String echo(text: String): String } type Mutation { write: String }',
    resolvers: {
      Query: {
        consumer: (_, __, context) => context.principal.consumer,
        purpose: (_, __, context) => context.principal.purpose,
        wait: (_, __, { signal }) =>
          Promise.race([released, new Promise((resolve) => signal.addEventListener('abort', resolve))]).then(() =>
            signal.aborted ? 'aborted' : 'waited',
          ),
        breaks: () => {
          throw new Error('secret detail');
        },
        echo: (_, { text }) => text,
      },
      Mutation: { write: () => 'written' },
    },
    plugins: [remember, ApolloServerPluginLandingPageDisabled()],
    persistedQueries: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    formatError,
  });
  await apollo.start();
  const listener = createListener({
    config,
    graph: { apollo: apollo as unknown as Graph['apollo'], registered: NOTHING_REGISTERED, snapshot: () => CONSUMERS },
    verifier: createTokenVerifier(config.oidc, openKeys(config)),
    rate: createRateLimit(config.limits),
    metrics,
    readiness: createReadiness(options.checks ?? {}, () => performance.now() * 1e6),
    log: createLog('trace', stream),
    ...(options.playgroundFolder === undefined ? {} : { playgroundFolder: options.playgroundFolder }),
  });
  const url = await listener.listen();
  const port = Number(new URL(url).port);
  return {
    url,
    port,
    listener,
    metrics,
    config,
    lines,
    contexts,
    passedHeaders,
    release,
    logged: () => texts.join(''),
    get signals() {
      return contexts.map((c) => c.signal);
    },
    token: (more) => issuer.sign(goodClaims(more)),
    sign: (claims) => issuer.sign(claims),
    ask: (query, headers = {}, more = {}) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, ...more }),
      }),
    raw: (bytes) => converse(port, bytes),
    async stop() {
      release();
      await listener.stop();
      await apollo.stop();
      issuer.remove();
    },
  };
}

function converse(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('error', () => resolve(answer)).on('close', () => resolve(answer));
    socket.setTimeout(3000, () => socket.destroy());
  });
}
