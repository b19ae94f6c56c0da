import path from 'node:path';
import { StartupProblem } from './startup-problem.ts';

/** Root of the repository. */
export const ROOT = path.dirname(import.meta.dirname);

/** Variables of the start scripts, besides the gateway's own; `--help` prints them. */
export const SCRIPT_VARIABLES = [
  { name: 'COMMONWEAL_DATA', about: 'Folder for everything that stays between two starts: database, keys, log. [.commonweal]' },
  {
    name: 'DATABASE_URL',
    about: 'A PostgreSQL 18 of your own, as its administrator: postgres://user:password@host:5432/database. [an embedded one]',
  },
  { name: 'COMMONWEAL_HOUSEHOLDS', about: 'Households of the demo country that is made at the first start. [2000]' },
] as const;

/** Variables of the other programs of this repository, which may stand in the same environment; the gateway does not know them. */
export const OTHER_VARIABLES: readonly string[] = [
  'COMMONWEAL_SEAL_KEY_FILE',
  'COMMONWEAL_SEAL_LAG_SECONDS',
  'COMMONWEAL_SEAL_PUBLIC_KEY_FILE',
  'COMMONWEAL_AUDIT_DATABASE_URL',
  'COMMONWEAL_POOL',
];

const NAMES: readonly string[] = SCRIPT_VARIABLES.map((variable) => variable.name);

/** What the start scripts read from the environment. */
export interface ScriptConfig {
  readonly data: DataFolder;
  /** Administrator's url of a database that is not ours, or null for the embedded one. */
  readonly databaseUrl: string | null;
  readonly households: number;
  /** The environment without the variables of the scripts, for programs that refuse what they do not know. */
  readonly rest: Readonly<Record<string, string | undefined>>;
}

/** Files of the data folder. */
export interface DataFolder {
  readonly folder: string;
  readonly postgres: string;
  /** Private key of the development issuer; readable by its owner only. */
  readonly issuerKey: string;
  readonly jwks: string;
  /** Secret of the local deployment, base64; readable by its owner only. */
  readonly secret: string;
  /** Ids that the demo speaks of, written when the country is seeded. */
  readonly demo: string;
  /** Private key that seals the access log. */
  readonly sealKey: string;
  readonly log: string;
}

/** Paths in a data folder. */
export function dataFolder(folder: string): DataFolder {
  const file = (name: string) => path.join(folder, name);
  return {
    folder,
    postgres: file('postgres'),
    issuerKey: file('issuer-key.json'),
    jwks: file('jwks.json'),
    secret: file('secret'),
    demo: file('demo.json'),
    sealKey: file('seal-key.pem'),
    log: file('commonweal.log'),
  };
}

/** Reads the variables of the scripts. Throws `StartupProblem` for one that is wrong. */
export function readScriptConfig(env: Readonly<Record<string, string | undefined>> = process.env): ScriptConfig {
  const households = env.COMMONWEAL_HOUSEHOLDS || '2000';
  if (!/^[1-9]\d{0,7}$/.test(households))
    throw new StartupProblem(`COMMONWEAL_HOUSEHOLDS is "${households}".`, 'It must be a whole number from 1 to 99999999.');
  return {
    data: dataFolder(path.resolve(ROOT, env.COMMONWEAL_DATA || '.commonweal')),
    databaseUrl: env.DATABASE_URL || null,
    households: Number(households),
    rest: Object.fromEntries(Object.entries(env).filter(([name]) => !NAMES.includes(name))),
  };
}
