import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { GatewayConfig } from '../config.ts';
import type { Metrics } from '../graph.metrics.ts';
import { FrontRefusal } from './errors.ts';
import { Labels, operationLabel } from './labels.ts';

/** What the gateway counts: the graph's metrics, and those of the front door. One instance per gateway, none shared. */
export interface GatewayMetrics extends Metrics {
  /** An answer left, whatever it says. `route` is a route of ours, never a path that was asked for. */
  answered(route: string, status: number, seconds: number): void;
  /** A token was refused, and why. */
  badToken(fault: string): void;
  /** The text of all figures, for Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Where the figures are kept: for adding up those of several processes. */
  readonly registry: Registry;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes the figures. Every label has a closed or bounded set of values, and none holds anything of a beneficiary. */
export function createMetrics(): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const operations = new Histogram({
    name: 'graph_operation_seconds',
    help: 'Time of operations, by name and outcome.',
    labelNames: ['operation', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const answers = new Histogram({
    name: 'http_answer_seconds',
    help: 'Time of answers, by route and status.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const fetches = new Histogram({
    name: 'subgraph_fetch_seconds',
    help: 'Time of fetches from subgraphs.',
    labelNames: ['subgraph', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const repeats = new Counter({
    name: 'subgraph_fetch_repeats_total',
    help: 'Fetches that were sent again after a connection broke, and those that joined an identical one under way.',
    labelNames: ['subgraph', 'how'],
    registers,
  });
  const denied = new Counter({
    name: 'access_denied_fields_total',
    help: 'Fields asked for and refused, by kind of consumer.',
    labelNames: ['kind'],
    registers,
  });
  const tripwire = new Counter({
    name: 'access_tripwire_total',
    help: 'Protected fields that came further than they ever should. Must stay 0.',
    registers,
  });
  const audit = new Histogram({
    name: 'audit_wait_seconds',
    help: 'Time answers waited for their audit record to be on disk: the audit lag.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  });
  const lag = new Gauge({
    name: 'audit_lag_seconds',
    help: 'The last wait for an audit record; grows with the seal.',
    registers,
    aggregator: 'max',
  });
  const tokens = new Counter({
    name: 'tokens_refused_total',
    help: 'Tokens that were refused, by reason.',
    labelNames: ['fault'],
    registers,
  });
  const names = new Labels(200);
  return {
    operation: (name, outcome, seconds) => operations.observe({ operation: names.of(operationLabel(name)), outcome }, seconds),
    answered: (route, status, seconds) => answers.observe({ route, status: String(status) }, seconds),
    fetch: (subgraph, outcome, seconds) => fetches.observe({ subgraph, outcome }, seconds),
    repeated: (subgraph, how) => repeats.inc({ subgraph, how }),
    denied: (_, kind) => denied.inc({ kind }),
    tripwire: () => tripwire.inc(),
    audit(outcome, seconds) {
      audit.observe({ outcome }, seconds);
      lag.set(seconds);
    },
    badToken: (fault) => tokens.inc({ fault }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
    registry,
  };
}

const same = (a: string, b: Buffer) => timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

/** Route `/metrics`. With a token configured it asks for it; without one it exists in development only. */
export function serveMetrics(
  http: FastifyInstance,
  metrics: GatewayMetrics,
  config: Pick<GatewayConfig, 'environment' | 'metricsToken'>,
): void {
  const { metricsToken: token } = config;
  if (!token && config.environment === 'production') return;
  http.get('/metrics', async (request, reply) => {
    if (token && !same(request.headers.authorization?.replace(/^Bearer /i, '') ?? '', token))
      throw new FrontRefusal(401, 'The metrics need their token.');
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}
