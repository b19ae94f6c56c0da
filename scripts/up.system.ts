import type { GatewayConfig } from '@commonweal/gateway/config.ts';
import type { GatewayMetrics } from '@commonweal/gateway/http/metrics.ts';
import type { RegistryUrls } from '@commonweal/kit';
import type { SubgraphName } from '@commonweal/schema';
import type { DataFolder } from './config.ts';

/** What registries and gateway are started with, in one process or in several. */
export interface Launch {
  readonly config: GatewayConfig;
  /** The variables that the configuration was read from; a child process reads them again. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly urls: Readonly<Record<SubgraphName, RegistryUrls>>;
  readonly data: DataFolder;
  /** Connections to PostgreSQL of each registry; 16 unless told otherwise. */
  readonly connections?: number;
  /** Puts the figures of all processes in the place of this one's, when there are several. */
  readonly shareMetrics?: (own: GatewayMetrics) => GatewayMetrics;
  /** Shows a person how far it is. */
  readonly tell: (how: string) => void;
}

/** Registries and gateway that run. */
export interface System {
  readonly url: string;
  /** Settles when a part of it ends by itself, with a sentence. */
  readonly ended: Promise<string>;
}

/** Starts registries and gateway. What stops each of them is added to `running` as soon as it runs. */
export type StartSystem = (launch: Launch, running: (() => Promise<void>)[]) => Promise<System>;
