import { parseArgs } from 'node:util';

/** What every gateway here is started with. */
export interface GatewayArguments {
  /** File of the supergraph. */
  readonly supergraph: string;
  readonly port: number;
  /** Name of the graph whose subgraphs run in the gateway's own process; null: they are called over HTTP. */
  readonly inProcess: string | null;
}

/** Reads the command line of a gateway. */
export function readGatewayArguments(): GatewayArguments {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { supergraph: text, port: text, 'in-process': text } });
  return { supergraph: values.supergraph ?? '', port: Number(values.port), inProcess: values['in-process'] ?? null };
}
