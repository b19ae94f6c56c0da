import { existsSync, readFileSync } from 'node:fs';
import type { DataFolder, ScriptConfig } from '../config.ts';
import { type OpenDatabase, openDatabase } from '../database.ts';
import { StartupProblem } from '../startup-problem.ts';

/** A database to import into, and how to leave it. */
export interface Connection extends OpenDatabase {
  readonly secret: Buffer;
}

const SHORTEST_SECRET = 32;

/**
 * Finds the database and the deployment's secret: as the arguments say, else `DATABASE_URL`, else the local system of the data folder, whose
 * PostgreSQL is started for the import when it does not run. Throws `StartupProblem`.
 */
export async function connect(
  config: ScriptConfig,
  given: { databaseUrl?: string | undefined; secretFile?: string | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Promise<Connection> {
  const secret = readSecret(config.data, given.secretFile, env.COMMONWEAL_SECRET);
  return { secret, ...(await openDatabase(config, given.databaseUrl)) };
}

function readSecret(data: DataFolder, file: string | undefined, fromEnvironment: string | undefined): Buffer {
  const from = file ?? (fromEnvironment ? null : data.secret);
  if (from !== null && !existsSync(from)) {
    throw new StartupProblem(
      `The secret of the deployment is not in ${from}.`,
      'Give --secret-file or COMMONWEAL_SECRET: numbers of persons are found by a hash that is keyed with it.',
    );
  }
  const secret = Buffer.from(from === null ? fromEnvironment! : readFileSync(from, 'utf8').trim(), 'base64');
  if (secret.length < SHORTEST_SECRET)
    throw new StartupProblem(
      'The secret of the deployment is too short.',
      'It must be the same that gateway and registries have: 32 bytes or more, in base64.',
    );
  return secret;
}
