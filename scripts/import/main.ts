import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { wrongArguments } from '../command.ts';
import { readScriptConfig } from '../config.ts';
import { StartupProblem } from '../startup-problem.ts';
import { connect } from './connection.ts';
import { assignFiles, loadMapping, shippedMappings } from './mapping.load.ts';
import type { Mapping } from './mapping.ts';
import { type ImportResult, reportFileOf, runImport } from './run.ts';
import { tallyTable } from './tally.ts';
import { isDay } from './value.ts';

const USAGE = `Usage: npm run import -- <mapping> <csv files...> [options]

Loads the export of another system. The mapping says which file feeds what: a JSON file, or one of: ${shippedMappings().join(', ')}.
Running it again with a newer export changes what has changed. Rows that cannot be taken are listed in the report; the others are loaded.

  --dry-run             reads, checks and counts everything, and writes nothing but the report
  --report <file>       the report [<name of the mapping>.report.csv here]
  --under <area>        code of an area here, such as KE.23: the areas of the export are put below it; without it they are a country of their own
  --taken-on <day>      when the export was taken, YYYY-MM-DD [the newest file's day]
  --database-url <url>  administrator's url of the database [DATABASE_URL, else the local system's]
  --secret-file <file>  secret of the deployment, base64 [COMMONWEAL_SECRET, else the local system's]
  --help                this text
`;

interface Arguments {
  readonly mapping: string;
  readonly files: readonly string[];
  readonly dryRun: boolean;
  readonly report: string | undefined;
  readonly takenOn: string | undefined;
  readonly under: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly secretFile: string | undefined;
}

// npm runs scripts in the root of the workspace and says where it was called.
const here = process.env.INIT_CWD ?? process.cwd();

function readArguments(): Arguments | null {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { 'dry-run': flag, help: flag, report: text, 'taken-on': text, under: text, 'database-url': text, 'secret-file': text },
    });
    if (values.help) return null;
    const [mapping, ...files] = positionals;
    if (mapping === undefined)
      throw new StartupProblem('No mapping is named.', `Name a JSON file, or one of: ${shippedMappings().join(', ')}. See --help.`);
    if (files.length === 0)
      throw new StartupProblem('No file is named.', 'Name the CSV files of the export behind the mapping. See --help.');
    return {
      mapping,
      // Patterns of a shell overlap easily; one file is read once.
      files: [...new Set(files.map((file) => path.resolve(here, file)))],
      dryRun: values['dry-run'],
      report: values.report,
      takenOn: values['taken-on'],
      under: values.under,
      databaseUrl: values['database-url'],
      secretFile: values['secret-file'],
    };
  } catch (error) {
    throw error instanceof StartupProblem ? error : wrongArguments(error, 'See --help.');
  }
}

/** Says where the root of a mapping is put in the tree of areas here. */
function putUnder(mapping: Mapping, under: string | undefined): Mapping {
  if (under === undefined) return mapping;
  if (!mapping.root) throw new StartupProblem(`The mapping ${mapping.name} has no areas of its own.`, 'Leave out --under.');
  if (!/^\w+(\.\w+)*$/.test(under)) throw new StartupProblem(`"${under}" is no code of an area.`, 'Write --under as in KE.23.');
  return { ...mapping, root: { ...mapping.root, under } };
}

/** The day of the newest file. */
function dayOf(files: readonly string[]): string {
  const times = files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return new Date(Math.max(...times) || Date.now()).toISOString().slice(0, 10);
}

function show({ tallies, report, notes }: ImportResult, dryRun: boolean): string {
  const { refused, 'left empty': left, 'possible duplicate': duplicates } = report.counts;
  const lines = [dryRun ? 'Dry run: nothing was written. This is what would be done.' : 'Done.', '', tallyTable(tallies), ''];
  if (report.first.length > 0)
    lines.push(
      'First refused rows:',
      ...report.first.map(
        (row) => `  ${row.file}, line ${row.line}, ${row.target}${row.column ? `, ${row.column}` : ''}: ${row.reason} (${row.class})`,
      ),
      '',
    );
  lines.push(...notes, `${refused} refused, ${left} values left empty, ${duplicates} possible duplicates. Report: ${report.file}`);
  return lines.join('\n');
}

/** What may be said of a fault of ours: a message of PostgreSQL can hold values. */
function faultText(error: unknown): string {
  const {
    name,
    message,
    code,
    constraint_name: constraint,
    routine,
    stack,
  } = error as Error & { code?: string; constraint_name?: string; routine?: string };
  const place =
    stack
      ?.split('\n')
      .filter((line) => line.includes('scripts/import'))
      .slice(0, 3)
      .map((line) => line.trim())
      .join(' ') ?? '';
  return name === 'PostgresError' ? `PostgreSQL ${[code, constraint, routine].filter(Boolean).join(' ')} ${place}` : `${message} ${place}`;
}

async function main(): Promise<void> {
  const given = readArguments();
  if (given === null) return void process.stdout.write(USAGE);
  const mapping = putUnder(loadMapping(given.mapping, here), given.under);
  // Before the database is asked for: what is wrong with the files is told at once.
  assignFiles(mapping, given.files);
  const takenOn = given.takenOn ?? dayOf(given.files);
  if (!isDay(takenOn)) throw new StartupProblem(`"${takenOn}" is no day.`, 'Write --taken-on as YYYY-MM-DD.');
  const reportFile = given.report === undefined ? reportFileOf(mapping, here) : path.resolve(here, given.report);
  const secretFile = given.secretFile === undefined ? undefined : path.resolve(here, given.secretFile);
  const connection = await connect(readScriptConfig(), { databaseUrl: given.databaseUrl, secretFile }, process.env);
  try {
    const result = await runImport({
      mapping,
      files: given.files,
      urls: connection.urls,
      secret: connection.secret,
      takenOn,
      reportFile,
      dryRun: given.dryRun,
    });
    process.stdout.write(`${show(result, given.dryRun)}\n`);
  } finally {
    await connection.close();
  }
}

await main().catch((error: unknown) => {
  if (error instanceof StartupProblem) process.stderr.write(`commonweal: ${error.message}\n  ${error.remedy}\n`);
  else
    process.stderr.write(
      `commonweal: the import failed: ${faultText(error)}\n  What was committed is whole; running it again completes it.\n`,
    );
  process.exitCode = 1;
});
