import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SubgraphName } from '@commonweal/schema';

/** Settings of a registry that runs as a process of its own, from the environment. */
export interface ProcessConfig {
  readonly databaseUrl: string;
  readonly secret: Buffer;
  readonly host: string;
  readonly port: number;
  readonly poolSize: number;
  /** Urls of the other registries, by name. */
  readonly peers: Readonly<Partial<Record<SubgraphName, string>>>;
}

/** A setting that is missing or wrong; the message says which and what it should be. */
export class ConfigProblem extends Error {}

/** Reads the settings of a registry's process. Throws ConfigProblem. */
export function readProcessConfig(environment: Readonly<Record<string, string | undefined>> = process.env): ProcessConfig {
  const need = (name: string, what: string) => {
    const value = environment[name];
    if (!value) throw new ConfigProblem(`${name} is not set. It must be ${what}.`);
    return value;
  };
  const secret = Buffer.from(
    need('COMMONWEAL_SECRET', "the deployment's secret, 32 bytes or more in base64; the same for gateway and registries"),
    'base64',
  );
  if (secret.length < 32)
    throw new ConfigProblem('COMMONWEAL_SECRET is too short: 32 bytes or more are needed, in base64 (`openssl rand -base64 32`).');
  const port = Number(environment.COMMONWEAL_PORT || '4001');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ConfigProblem('COMMONWEAL_PORT must be a port, 0 to 65535.');
  const peers = Object.fromEntries(
    Object.entries(environment).flatMap(([name, url]) =>
      name.startsWith('COMMONWEAL_URL_') && url ? [[name.slice('COMMONWEAL_URL_'.length).toLowerCase(), url]] : [],
    ),
  );
  return Object.freeze({
    databaseUrl: need('COMMONWEAL_DATABASE_URL', "the url of the registry's app role, postgres://role:password@host:port/database"),
    secret,
    host: environment.COMMONWEAL_HOST || '127.0.0.1',
    port,
    poolSize: readPoolSize(environment),
    peers,
  });
}

/** Connections for requests, from `COMMONWEAL_POOL`: with none, or with what is no number, every request would wait in vain. Throws ConfigProblem. */
export function readPoolSize(environment: Readonly<Record<string, string | undefined>>): number {
  // An empty variable counts as one that is not set.
  const text = environment.COMMONWEAL_POOL || '16';
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new ConfigProblem(`COMMONWEAL_POOL must be a whole number from 1 to 999; it is "${text}".`);
  return Number(text);
}

/** The SDL of a registry, as composed. */
export const readSdl = (name: SubgraphName): string =>
  readFileSync(join(import.meta.dirname, '../../../schema/subgraphs', `${name}.graphql`), 'utf8');
/** The composed supergraph. */
export const readSupergraph = (): string => readFileSync(join(import.meta.dirname, '../../../schema/supergraph.graphql'), 'utf8');
