import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { listOperations, registerOperation, retireOperation, setOperationsMode } from '@commonweal/consent/operation/register.ts';
import { readPolicies } from '@commonweal/consent/policy/snapshot.ts';
import { previewOperation } from '@commonweal/gateway/access/preview.ts';
import { openPool, type Pool } from '@commonweal/kit';
import { readSupergraph } from '@commonweal/kit/config.ts';
import { buildCatalog, PURPOSES } from '@commonweal/schema';
import { buildSchema, parse } from 'graphql';
import { type RunCommand, runAsProcess } from './command.ts';
import { readScriptConfig } from './config.ts';
import { openDatabase } from './database.ts';
import { type Command, readCommand, USAGE } from './operations/arguments.ts';
import { operationTable, previewText } from './operations/show.ts';
import { StartupProblem } from './startup-problem.ts';

type Doing<K extends Command['kind']> = Extract<Command, { kind: K }>;
type Say = (text: string) => void;

// npm runs scripts in the root of the workspace and says where it was called.
const here = process.env.INIT_CWD ?? process.cwd();

/** Registers an operation, or says why not. */
async function register(pool: Pool, command: Doing<'register'>, say: Say): Promise<boolean> {
  const { consumer, purpose, by, dryRun } = command;
  const file = path.resolve(here, command.file);
  if (!existsSync(file)) throw new StartupProblem(`There is no file ${file}.`, 'Name the file that holds the operation.');
  if (!(PURPOSES as readonly string[]).includes(purpose))
    throw new StartupProblem(`${purpose} is no purpose.`, `There are: ${PURPOSES.join(', ')}.`);
  const snapshot = await readPolicies(pool, null);
  if (!snapshot || !Object.hasOwn(snapshot.consumers, consumer))
    throw new StartupProblem(`There is no consumer ${consumer}.`, `There are: ${Object.keys(snapshot?.consumers ?? {}).join(', ')}.`);
  const text = readFileSync(file, 'utf8');
  const catalog = buildCatalog(parse(readSupergraph()));
  const preview = previewOperation({ schema: apiSchema(), catalog, snapshot }, text, consumer, purpose);
  say(previewText(command.file, preview));
  if (preview.faults.length > 0) {
    say(`Refused: nothing of it would run for ${consumer} and ${purpose}.`);
    return false;
  }
  if (dryRun) {
    say(`Dry run: it would be registered as ${preview.id}.`);
    return true;
  }
  const name = command.name ?? preview.name ?? path.basename(file, '.graphql');
  const isNew = await registerOperation(pool, { consumer, purpose, name, text, by });
  say(isNew ? `Registered for ${consumer} and ${purpose}:` : `Registered already for ${consumer} and ${purpose}:`);
  say(preview.id);
  return true;
}

async function retire(pool: Pool, { id, consumer, purpose }: Doing<'retire'>, say: Say): Promise<boolean> {
  const ended = await retireOperation(pool, { id, consumer, purpose });
  say(ended > 0 ? `Retired for ${ended} ${ended === 1 ? 'purpose' : 'purposes'}.` : `${consumer} has no operation ${id} in force.`);
  return ended > 0;
}

async function setMode(pool: Pool, { consumer, mode }: Doing<'mode'>, say: Say): Promise<boolean> {
  const done = await setOperationsMode(pool, consumer, mode);
  if (!done) say(`There is no consumer ${consumer}.`);
  else say(mode === 'ANY' ? `${consumer} may run any operation.` : `${consumer} runs registered operations only.`);
  return done;
}

const apiSchema = () => buildSchema(readFileSync(new URL(import.meta.resolve('@commonweal/schema/api.graphql')), 'utf8'));

/** Does one command; false when it was refused. Throws `StartupProblem` when it could not be tried. */
export const runOperations: RunCommand = async (args, env, say) => {
  const command = readCommand(args);
  if (command.kind === 'help') {
    say(USAGE.trimEnd());
    return true;
  }
  const database = await openDatabase(readScriptConfig(env), command.databaseUrl);
  const pool = openPool(database.urls.consent.migratorUrl, 'consent', 1);
  try {
    if (command.kind === 'register') return await register(pool, command, say);
    if (command.kind === 'retire') return await retire(pool, command, say);
    if (command.kind === 'mode') return await setMode(pool, command, say);
    say(operationTable(await listOperations(pool, command.consumer)));
    return true;
  } finally {
    await pool.end({ timeout: 5 });
    await database.close();
  }
};

if (import.meta.main) await runAsProcess(runOperations);
