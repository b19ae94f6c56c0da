import { readFileSync } from 'node:fs';
import postgres from 'postgres';
import type { DataFolder, ScriptConfig } from '../config.ts';
import { ensureDevIssuer, readSecret } from '../dev-issuer.ts';
import { readPidFile } from '../postgres.folder.ts';
import type { Progress } from '../progress.ts';
import { StartupProblem } from '../startup-problem.ts';
import { prepareTables } from '../up.database.ts';
import { startServer } from '../up.server.ts';
import type { SeedOptions } from './seed.ts';

const LEAST_SECRET_BYTES = 32;

/** Goes to the database of the local system, or to the one that was named: started if need be, with roles and tables up to date. */
export async function openTarget(
  scripts: ScriptConfig,
  progress: Progress,
  running: (() => Promise<void>)[],
): Promise<SeedOptions['urls']> {
  const databaseUrl = scripts.databaseUrl ?? (await runningEmbedded(scripts.data));
  const { adminUrl } = await progress.step('PostgreSQL', (tell) => startServer({ ...scripts, databaseUrl }, tell, running));
  return progress.step('Roles and tables', (tell) => prepareTables(adminUrl, tell));
}

/** Administrator's url of the embedded PostgreSQL when the system runs; null when it does not. */
async function runningEmbedded(data: DataFolder): Promise<string | null> {
  const found = readPidFile(data.postgres);
  if (found?.isReady !== true) return null;
  const url = `postgres://postgres:${readFileSync(`${data.postgres}.password`, 'utf8').trim()}@127.0.0.1:${found.port}/commonweal`;
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 });
  try {
    await sql`select 1`;
    return url;
  } catch {
    // A server that did not end in order leaves such a file behind; starting it says the rest.
    return null;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The deployment's secret: of a file, of the environment, or of the data folder, where it is made if need be. Throws `StartupProblem`. */
export async function readDeploymentSecret(file: string | undefined, { data, rest }: ScriptConfig): Promise<Buffer> {
  let text: string;
  try {
    if (file !== undefined) text = readFileSync(file, 'utf8');
    else if (rest.COMMONWEAL_SECRET) text = rest.COMMONWEAL_SECRET;
    else {
      await ensureDevIssuer(data);
      text = readSecret(data);
    }
  } catch (cause) {
    throw new StartupProblem(
      `The secret cannot be read: ${(cause as Error).message}.`,
      'Name the file that the gateway and the registries read theirs from.',
      { cause },
    );
  }
  const secret = Buffer.from(text.trim(), 'base64');
  if (secret.length < LEAST_SECRET_BYTES)
    throw new StartupProblem(
      `The secret has ${secret.length} bytes; ${LEAST_SECRET_BYTES} or more are needed, in base64.`,
      'Take the one of the gateway and the registries.',
    );
  return secret;
}
