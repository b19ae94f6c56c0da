import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config.ts';

/** Route `/`: says in plain text where things are. */
export function serveLanding(http: FastifyInstance, config: Pick<GatewayConfig, 'playground' | 'environment' | 'metricsToken'>): void {
  const lines = [
    'Commonweal: a federated beneficiary registry.',
    '',
    'POST /graphql       the graph; a token in "Authorization: Bearer", one purpose in "x-purpose"',
    ...(config.playground ? ['GET  /playground    write and run operations in the browser'] : []),
    'GET  /health/live   whether the process answers',
    'GET  /health/ready  whether it can do its work, and what is missing',
    ...(config.environment === 'development' || config.metricsToken ? ['GET  /metrics       figures for Prometheus'] : []),
    '',
  ];
  http.get('/', async (_, reply) => reply.type('text/plain; charset=utf-8').send(lines.join('\n')));
}
