import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SUBGRAPHS } from '../schema/subgraphs.ts';
import { bringRulesUpToDate } from '../subgraphs/consent/src/policy/rules.ts';
import { bootstrap } from '../subgraphs/kit/src/db/bootstrap.ts';
import { migrate } from '../subgraphs/kit/src/db/migrate.ts';
import { readScriptConfig } from './config.ts';
import { databaseProblem } from './database-problem.ts';
import { StartupProblem } from './startup-problem.ts';

const USAGE = `Usage: DATABASE_URL=postgres://administrator:password@host:5432/database node scripts/prepare.ts <folder> [--new-passwords]

Makes roles, schemas and tables of all registries, or brings them up to date, with the purposes and ceilings that sharing policies are checked
against, and writes <folder>/<registry>.env with the COMMONWEAL_DATABASE_URL
of each: the url of a role that may use the tables of that registry and nothing else. Safe to repeat; the passwords stay the same as long as the
administrator's does. The only program of the system that is given the administrator's url.

  --new-passwords  after a change of the administrator's password, from which those of the registries' roles follow: gives the roles new ones too. All
                   registries must then be started again with the files that are written.
`;

async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: flag, 'new-passwords': flag } });
  const [folder] = positionals;
  if (values.help || folder === undefined) return void process.stdout.write(USAGE);
  const { databaseUrl } = readScriptConfig();
  if (!databaseUrl) throw new StartupProblem('DATABASE_URL is not set.', "It must be the administrator's url of the database.");
  mkdirSync(folder, { recursive: true });
  const urls = await bootstrap(databaseUrl, { newPasswords: values['new-passwords'] });
  for (const name of SUBGRAPHS) {
    const ran = await migrate(name, urls[name].migratorUrl);
    writeFileSync(path.join(folder, `${name}.env`), `COMMONWEAL_DATABASE_URL=${urls[name].appUrl}\n`, { mode: 0o600 });
    console.log(`${name}: ${ran.length === 0 ? 'up to date' : ran.join(', ')}`);
  }
  await bringRulesUpToDate(urls.consent.migratorUrl);
  console.log('purposes and ceilings: up to date');
}

await main().catch((cause: Error) => {
  const error = databaseProblem(cause) as Error;
  process.stderr.write(`commonweal: ${error.message}${error instanceof StartupProblem ? ` ${error.remedy}` : ''}\n`);
  process.exitCode = 1;
});
