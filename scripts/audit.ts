import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { verifyingKeyFrom } from '../subgraphs/consent/src/log/seal-key.ts';
import { verifyLog } from '../subgraphs/consent/src/log/verify-database.ts';
import { readScriptConfig } from './config.ts';
import { findDatabase } from './database.ts';
import { StartupProblem } from './startup-problem.ts';

const USAGE = `npm run audit -- verify [options]

Verifies the sealed access log: each batch, each record, and whom it is about. Exit code 1 when something was tampered with, 2 when it could not be checked.

  --database <url>    the owner of the consent registry's tables, or a superuser (else COMMONWEAL_AUDIT_DATABASE_URL, else that of npm start)
  --key <file>        public key of the seals, PEM; may be given more than once after a change of keys (else COMMONWEAL_SEAL_PUBLIC_KEY_FILE, else
                      that of npm start when its database is checked)
  --tolerance <s>     how far clocks may differ, and the longest that a record waits for its seal; 60 when left out
  --head <n>:<chain>  the last batch as an earlier run printed it: finds out whether the end of the log was cut off since`;

/** A problem that keeps the log from being checked. */
class CannotCheck extends Error {}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string' },
    key: { type: 'string', multiple: true },
    tolerance: { type: 'string', default: '60' },
    head: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help || positionals[0] !== 'verify') {
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}
try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  console.error(`The access log could not be checked: ${(error as Error).message}`);
  if (error instanceof StartupProblem) console.error(`  ${error.remedy}`);
  process.exitCode = 2;
}

/** Prints what was found; says whether all is as it was sealed. */
async function run(): Promise<boolean> {
  const config = readScriptConfig();
  const given = values.database ?? process.env.COMMONWEAL_AUDIT_DATABASE_URL;
  const tolerance = Number(values.tolerance) * 1000;
  if (!(tolerance >= 0)) throw new CannotCheck('--tolerance must be a number of seconds.');
  const head = notedHead(values.head);
  const database = await findDatabase(config, given);
  const sql = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
  try {
    const keys = keyFiles(given === undefined ? `${config.data.sealKey}.pub` : undefined).map((f) =>
      verifyingKeyFrom(readFileSync(f, 'utf8')),
    );
    const verdict = await verifyLog(sql, { keys, tolerance }, head);
    console.log(`Found as they were sealed: batches ${verdict.batches}, records ${verdict.records}.`);
    if (verdict.fault) console.log(`Batch ${verdict.fault.seal}: ${verdict.fault.kind}. ${verdict.fault.detail}`);
    else if (verdict.head) console.log(`Last batch, to be noted down elsewhere: ${verdict.head.seal}:${verdict.head.chain}`);
    return verdict.fault === null;
  } finally {
    await sql.end();
    await database.close();
  }
}

function keyFiles(local: string | undefined): string[] {
  const otherwise = process.env.COMMONWEAL_SEAL_PUBLIC_KEY_FILE || local;
  const files = values.key ?? (otherwise ? [otherwise] : []);
  if (files.length === 0) throw new CannotCheck('no public key. Give --key.');
  for (const f of files) if (!existsSync(f)) throw new CannotCheck(`${path.resolve(f)} does not exist.`);
  return files;
}

function notedHead(text: string | undefined) {
  if (text === undefined) return undefined;
  const [, seal, chain] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!seal || !chain) throw new CannotCheck('--head must look like 12:<64 hexadecimal digits>.');
  return { seal: Number(seal), chain };
}
