import type { GatewayConfig } from '@commonweal/gateway/config.ts';
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
