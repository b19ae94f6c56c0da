import path from 'node:path';
import { parseArgs } from 'node:util';
import { wrongArguments } from '../command.ts';
import { readScriptConfig, type ScriptConfig } from '../config.ts';
import { StartupProblem } from '../startup-problem.ts';

/** What the command line asks for. */
export interface SeedCommand {
  readonly scripts: ScriptConfig;
  readonly households: number;
  readonly seed: number;
  readonly asOf: string | undefined;
  readonly reset: boolean;
  readonly secretFile: string | undefined;
  readonly truthFile: string;
}

/** The help text. */
export const HELP = `Usage: npm run seed -- [--households N] [--seed=S] [--as-of DAY] [--reset --yes]

Makes up a country and loads it into the four registries. Nobody in it exists. The same seed and day make the same country.

  --households N      how many households; about 4 persons each [COMMONWEAL_HOUSEHOLDS, or what npm start takes]
  --seed=S            any whole number [1]
  --as-of DAY         the day on which the country is looked at, YYYY-MM-DD [yesterday]
  --reset --yes       empties the registries first: all persons, enrollments, payments and consents are deleted for good
  --database-url URL  administrator's url of a PostgreSQL [DATABASE_URL, or the embedded one of the data folder]
  --secret-file FILE  the deployment's secret in base64 [COMMONWEAL_SECRET, or the data folder's]
  --truth-file FILE   where to write which persons are registered twice [truth.csv in the data folder]
  --help              this text

Reset only a system that is stopped or idle: what it holds in memory is not forgotten.
`;

const MOST_HOUSEHOLDS = 12_000_000;

/** Reads the command line; null when help is asked for. Throws `StartupProblem` with a sentence for what is wrong. */
export function readSeedCommand(args: readonly string[], env: Readonly<Record<string, string | undefined>>): SeedCommand | null {
  const values = parse(args);
  if (values.help === true) return null;
  if (env.COMMONWEAL_ENV === 'production')
    throw new StartupProblem(
      'COMMONWEAL_ENV is production, and the country is made up.',
      'Seed a system for development or demonstration.',
    );
  if (values.reset === true && values.yes !== true)
    throw new StartupProblem(
      '--reset deletes all persons, enrollments, payments and consents for good.',
      'Add --yes if that is what you want.',
    );
  const scripts = readScriptConfig({ ...env, ...(values['database-url'] === undefined ? {} : { DATABASE_URL: values['database-url'] }) });
  const asOf = values['as-of'];
  if (asOf !== undefined && (!/^\d{4}-\d{2}-\d{2}$/.test(asOf) || Number.isNaN(Date.parse(asOf))))
    throw new StartupProblem(`--as-of must be a day, YYYY-MM-DD; it is "${asOf}".`, 'For example --as-of 2025-06-30.');
  return {
    scripts,
    households: whole('--households', values.households, scripts.households, 1, MOST_HOUSEHOLDS),
    seed: whole('--seed', values.seed, 1, -(2 ** 31), 2 ** 31 - 1),
    asOf,
    reset: values.reset === true,
    secretFile: values['secret-file'],
    truthFile: values['truth-file'] ?? path.join(scripts.data.folder, 'truth.csv'),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ households: text, seed: text, 'as-of': text, reset: flag, yes: flag, help: flag },
        ...{ 'database-url': text, 'secret-file': text, 'truth-file': text },
      },
    }).values;
  } catch (error) {
    throw wrongArguments(error, 'npm run seed -- --help lists the options.');
  }
}

function whole(name: string, text: string | undefined, standard: number, least: number, most: number): number {
  if (text === undefined) return standard;
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < least || value > most)
    throw new StartupProblem(
      `${name} must be a whole number from ${least} to ${most}; it is "${text}".`,
      `For example ${name} ${standard}.`,
    );
  return value;
}
