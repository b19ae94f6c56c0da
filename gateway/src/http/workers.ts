import { AggregatorRegistry } from 'prom-client';
import { RateLimiterClusterMaster } from 'rate-limiter-flexible';
import type { GatewayMetrics } from './metrics.ts';

/** What the process above several gateways of a cluster does for them: counts their rates together, and adds up their figures. */
export interface AboveWorkers {
  /** The figures of all workers, for Prometheus. */
  figures(): Promise<string>;
}

/** Makes a process the one above its workers; before the first of them is started. */
export function aboveWorkers(): AboveWorkers {
  new RateLimiterClusterMaster();
  const all = new AggregatorRegistry();
  return { figures: () => all.clusterMetrics() };
}

/** Metrics of a worker whose text is that of all workers: whoever reads them meets any of the workers. `ask` asks the process above. */
export function figuresOfAll(own: GatewayMetrics, ask: () => Promise<string>): GatewayMetrics {
  AggregatorRegistry.setRegistries([own.registry]);
  const answering = new AggregatorRegistry();
  return { ...own, contentType: answering.contentType, text: ask };
}
