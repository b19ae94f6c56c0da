import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { verifyingKeyFrom } from '../subgraphs/consent/src/log/seal-key.ts';
import { type NotedHead, verifyLog } from '../subgraphs/consent/src/log/verify-database.ts';
import { type RunCommand, runAsProcess, wrongArguments } from './command.ts';
import { readScriptConfig } from './config.ts';
import { findDatabase, reach } from './database.ts';
import { StartupProblem } from './startup-problem.ts';

const USAGE = `Usage: npm run audit -- verify [options]

Verifies the sealed access log: each batch, each record, and whom it is about.

  --database-url <url>  the owner of the consent registry's tables, or a superuser (else COMMONWEAL_AUDIT_DATABASE_URL, else that of npm start)
  --key <file>          public key of the seals, PEM; may be given more than once after a change of keys (else COMMONWEAL_SEAL_PUBLIC_KEY_FILE, else
                        that of npm start when its database is checked)
  --tolerance <s>       how far clocks may differ, and the longest that a record waits for its seal [60]
  --head <n>:<chain>    the last batch as an earlier run printed it: finds out whether the end of the log was cut off since
  --help                this text

Exit code 1 when something was tampered with, 2 when it could not be checked.`;
const see = 'See npm run audit -- --help.';
const NO_SUCH_TABLE = '42P01';

// npm runs scripts in the root of the workspace and says where it was called.
const here = process.env.INIT_CWD ?? process.cwd();

/** Does one command; false when something was tampered with. Throws `StartupProblem` when the log could not be checked. */
export const runAudit: RunCommand = async (args, env, say) => {
  const { positionals, values } = parsed(args);
  if (values.help) {
    say(USAGE);
    return true;
  }
  const [verb, more] = positionals;
  if (verb !== 'verify') throw new StartupProblem('Say verify.', see);
  if (more !== undefined) throw new StartupProblem(`"${more}" is one argument too many.`, see);
  const config = readScriptConfig(env);
  const given = values['database-url'] ?? values.database ?? (env.COMMONWEAL_AUDIT_DATABASE_URL || undefined);
  const tolerance = toleranceOf(values.tolerance);
  const head = notedHead(values.head);
  const local = given === undefined ? `${config.data.sealKey}.pub` : undefined;
  const database = await findDatabase(config, given);
  try {
    const keys = keysIn(values.key ?? [env.COMMONWEAL_SEAL_PUBLIC_KEY_FILE || local].filter((file) => file !== undefined));
    await reach(database.adminUrl);
    return await verify(database.adminUrl, { keys, tolerance }, head, say);
  } finally {
    await database.close();
  }
};

async function verify(url: string, options: Parameters<typeof verifyLog>[1], head: NotedHead | undefined, say: (text: string) => void) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const verdict = await verifyLog(sql, options, head);
    say(`Found as they were sealed: batches ${verdict.batches}, records ${verdict.records}.`);
    if (verdict.fault) say(`Batch ${verdict.fault.seal}: ${verdict.fault.kind}. ${verdict.fault.detail}`);
    else if (verdict.head) say(`Last batch, to be noted down elsewhere: ${verdict.head.seal}:${verdict.head.chain}`);
    return verdict.fault === null;
  } catch (cause) {
    if ((cause as { code?: string }).code !== NO_SUCH_TABLE) throw cause;
    throw new StartupProblem('There is no access log in this database.', 'Mend the name of the database in the url.', { cause });
  } finally {
    await sql.end();
  }
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'database-url': text,
        // What it was called at first.
        database: text,
        key: { type: 'string', multiple: true },
        tolerance: { type: 'string', default: '60' },
        head: text,
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw wrongArguments(error, see);
  }
}

/** Milliseconds. An empty text would be none, and every record that waited for its seal a forged one. */
function toleranceOf(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new StartupProblem(`--tolerance must be a number of seconds; it is "${text}".`, see);
  return Number(text) * 1000;
}

function keysIn(files: readonly string[]): KeyObject[] {
  if (files.length === 0)
    throw new StartupProblem('No public key is named.', 'Give --key: the file with the public half of the key that seals the log.');
  return files.map((name) => {
    const file = path.resolve(here, name);
    if (!existsSync(file)) throw new StartupProblem(`There is no file ${file}.`, 'Mend --key or COMMONWEAL_SEAL_PUBLIC_KEY_FILE.');
    try {
      return verifyingKeyFrom(readFileSync(file, 'utf8'));
    } catch (cause) {
      throw new StartupProblem(`There is no key in ${file}.`, 'It must be a PEM file, as openssl pkey -pubout writes it.', { cause });
    }
  });
}

function notedHead(text: string | undefined): NotedHead | undefined {
  if (text === undefined) return undefined;
  const [, seal, chain] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!seal || !chain) throw new StartupProblem('--head must look like 12:<64 hexadecimal digits>.', see);
  return { seal: Number(seal), chain };
}

if (import.meta.main) await runAsProcess(runAudit);
