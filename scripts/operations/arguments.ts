import os from 'node:os';
import { parseArgs } from 'node:util';
import { wrongArguments } from '../command.ts';
import { StartupProblem } from '../startup-problem.ts';

/** What `npm run operations` prints for `--help`. */
export const USAGE = `Usage: npm run operations -- register <file.graphql> --consumer <code> --purpose <purpose> [--name <name>] [--by <who>] [--dry-run]
       npm run operations -- list [--consumer <code>]
       npm run operations -- retire <id> --consumer <code> [--purpose <purpose>]
       npm run operations -- mode ANY|REGISTERED --consumer <code>

Operations that a consumer may run by id: the request sends "documentId" instead of "query". A consumer outside government runs no others unless its
mode says so. What is changed here holds within a second.

  register   checks an operation as the gateway would for this consumer and purpose, and registers it. Refuses one of which nothing would run.
             It may be run for the purpose and for those below it. Registering again changes nothing; of a retired one it takes up again.
  list       what is registered, and what was
  retire     ends an operation of a consumer, for one purpose or for all
  mode       what a consumer may run: ANY operation that it sends, or REGISTERED ones only

  --name <name>         name in the list [the operation's own]
  --by <who>            who registers it [the user of this computer]
  --dry-run             tells what would be refused and what it may cost, and registers nothing
  --database-url <url>  administrator's url of the database [DATABASE_URL, else the local system's]

Exit code 1 when it is refused or not there, 2 when it could not be tried.
`;

/** What is to be done. */
export type Command =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'register';
      readonly file: string;
      readonly consumer: string;
      readonly purpose: string;
      readonly name: string | undefined;
      readonly by: string;
      readonly dryRun: boolean;
      readonly databaseUrl: string | undefined;
    }
  | { readonly kind: 'list'; readonly consumer: string | undefined; readonly databaseUrl: string | undefined }
  | {
      readonly kind: 'retire';
      readonly id: string;
      readonly consumer: string;
      readonly purpose: string | undefined;
      readonly databaseUrl: string | undefined;
    }
  | { readonly kind: 'mode'; readonly mode: 'ANY' | 'REGISTERED'; readonly consumer: string; readonly databaseUrl: string | undefined };

const see = 'See npm run operations -- --help.';

/** Reads the arguments. Throws `StartupProblem`. */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parsed(args);
  const [verb, subject, ...more] = positionals;
  if (values.help) return { kind: 'help' };
  if (more.length > 0) throw new StartupProblem(`"${more[0]}" is one argument too many.`, see);
  const need = (value: string | undefined, what: string): string => {
    if (!value) throw new StartupProblem(`${what} is missing.`, see);
    return value;
  };
  const databaseUrl = values['database-url'];
  const { consumer, purpose } = values;
  if (verb === 'register')
    return {
      kind: 'register',
      file: need(subject, 'The file of the operation'),
      consumer: need(consumer, '--consumer'),
      purpose: need(purpose, '--purpose'),
      name: values.name,
      by: values.by ?? `cli:${os.userInfo().username}`,
      dryRun: values['dry-run'],
      databaseUrl,
    };
  if (verb === 'list' && subject === undefined) return { kind: 'list', consumer, databaseUrl };
  if (verb === 'retire')
    return { kind: 'retire', id: need(subject, 'The id of the operation'), consumer: need(consumer, '--consumer'), purpose, databaseUrl };
  if (verb === 'mode' && (subject === 'ANY' || subject === 'REGISTERED'))
    return { kind: 'mode', mode: subject, consumer: need(consumer, '--consumer'), databaseUrl };
  throw new StartupProblem('Say register, list, retire, or mode ANY or REGISTERED.', see);
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { consumer: text, purpose: text, name: text, by: text, 'dry-run': flag, 'database-url': text, help: flag },
    });
  } catch (error) {
    throw wrongArguments(error, see);
  }
}
